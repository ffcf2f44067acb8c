using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Clients;

/// <summary>
/// Clients that frontends use, set up as their documentation says: each reads two pages, follows a combination
/// and rents it, all through its own cache.
/// </summary>
[Collection(ProductionCollection.Name)]
public sealed class PublicClientTests(Production production)
{
    private static readonly string sshKey = A.Ed25519Line(filledWith: 9);

    [Theory]
    [InlineData("apollo.js")]
    [InlineData("urql.js")]
    [InlineData("relay.js")]
    public async Task A_client_pages_subscribes_and_rents(string client)
    {
        using Renter renter = await Renter.SignUpAsync(production.Cluster);
        string combination = await production.NextCombinationAsync();
        var address = new Uri(production.Survivor, "/graphql");

        using ChildProcess node = await NodeScripts.Clients.StartAsync(client, address.ToString(), renter.Token, combination, sshKey);
        await node.WaitForExitAsync(TimeSpan.FromSeconds(60));

        Assert.True(node.ExitCode == 0, node.Output);
        JsonElement[] lines = [.. node.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))];
        AssertPages(lines.Single(line => line.TryGetProperty("pages", out _)), await FirstAsync(6));
        Assert.Equal(
            ["SliceCombinationsSnapshot", "SLICES_RENTED"],
            lines.Where(line => line.TryGetProperty("kind", out _)).Select(line => line.GetProperty("kind").GetString())
                .Where(kind => kind != "StreamBookmark"));
        Assert.Equal("""{"rented":"SlicesRented","fewer":1,"cached":true}""", lines.Single(line => line.TryGetProperty("rented", out _)).GetRawText());
        Assert.Single(await renter.ActiveRentalsAsync(production.Survivor));
    }

    /// <summary>Asserts two pages of three that the client's cache has merged into the list that a single query for six returns.</summary>
    private static void AssertPages(JsonElement line, string[] expected)
    {
        Assert.Equal([3, 3], line.GetProperty("pages").EnumerateArray().Select(page => page.GetArrayLength()));
        Assert.Equal(expected, line.GetProperty("pages").EnumerateArray().SelectMany(page => page.EnumerateArray()).Select(id => id.GetString()));
        Assert.Equal(expected, line.GetProperty("known").EnumerateArray().Select(id => id.GetString()));
    }

    private async Task<string[]> FirstAsync(int count)
    {
        using var anonymous = new ApiClient(production.Survivor);
        JsonElement data = await anonymous.Data(
            "query ($first: Int!) { sliceCombinations(first: $first, order: [{ pricePerHour: ASC }]) { nodes { id } } }", new { first = count });
        return [.. data.GetProperty("sliceCombinations").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!)];
    }
}
