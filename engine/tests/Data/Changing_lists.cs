using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Changing_lists(Harbour harbour) : IClassFixture<Harbour>
{
    [Fact]
    public async Task Rows_added_and_removed_between_pages_shift_nothing()
    {
        var random = new Random(Harbour.Seed);
        string[] before = await ReadAsync((_, _) => Task.CompletedTask);
        HashSet<string> gone = [];
        long nextId = 10_000;

        string[] read = await ReadAsync(async (db, page) =>
        {
            // One row of the page that was just read is removed, and one is added that may belong anywhere.
            string id = page[random.Next(page.Length)];
            Ship leaving = (await db.Ships.ToListAsync()).Single(ship => PlainShips.IdOf(ship) == id);
            gone.Add(id);
            db.Remove(leaving);
            db.Add(Ship.Random(nextId++, random, []));
            await db.SaveChangesAsync();
        });

        Assert.Equal(read.Distinct(), read);
        Assert.Equal(before, read.Where(before.Contains));
        Assert.NotEmpty(gone);
    }

    private async Task<string[]> ReadAsync(Func<HarbourDb, string[], Task> between)
    {
        var read = new List<string>();
        string? after = null;
        while (true)
        {
            JsonNode page = (await harbour.DataAsync(
                "query($after: String) { ships(first: 10, after: $after, order: [{ flag: DESC }, { crew: ASC }]) { nodes { id } pageInfo { "
                    + "hasNextPage endCursor } } }",
                new { after }))["ships"]!;
            string[] ids = [.. page["nodes"]!.AsArray().Select(node => (string)node!["id"]!)];
            read.AddRange(ids);
            if (!(bool)page["pageInfo"]!["hasNextPage"]!)
                return [.. read];
            after = (string)page["pageInfo"]!["endCursor"]!;
            await using HarbourDb db = harbour.Open();
            await between(db, ids);
        }
    }
}
