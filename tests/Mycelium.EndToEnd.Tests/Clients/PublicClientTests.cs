using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Clients;

/// <summary>Clients that frontends use, set up as their documentation says: each turns a page, follows a combination and rents it, its own cache in between.</summary>
[Collection(ProductionCollection.Name)]
public sealed class PublicClientTests(Production production)
{
    private static readonly string sshKey = A.Ed25519Line(filledWith: 9);

    [Theory]
    [InlineData("apollo.js")]
    [InlineData("urql.js")]
    [InlineData("relay.js")]
    public async Task A_client_pages_follows_and_rents(string client)
    {
        using Renter renter = await Renter.SignUpAsync(production.Cluster);
        string combination = await production.NextCombinationAsync();
        var address = new Uri(production.Survivor, "/graphql");

        using ChildProcess node = await NodeScripts.Clients.StartAsync(client, address.ToString(), renter.Token, combination, sshKey);
        await node.WaitForExitAsync(TimeSpan.FromSeconds(60));

        Assert.True(node.ExitCode == 0, node.Output);
        JsonElement[] told = [.. node.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))];
        AssertPages(told.Single(line => line.TryGetProperty("pages", out _)), await FirstAsync(6));
        Assert.Equal(
            ["SliceCombinationsSnapshot", "SLICES_RENTED"],
            told.Where(line => line.TryGetProperty("kind", out _)).Select(line => line.GetProperty("kind").GetString()).Where(kind => kind != "StreamBookmark"));
        Assert.Equal("""{"rented":"SlicesRented","fewer":1,"cached":true}""", told.Single(line => line.TryGetProperty("rented", out _)).GetRawText());
        Assert.Single(await renter.ActiveRentalsAsync(production.Survivor));
    }

    /// <summary>Two pages of three, which the client's cache has joined to the list that one query of six gives.</summary>
    private static void AssertPages(JsonElement told, string[] expected)
    {
        Assert.Equal([3, 3], told.GetProperty("pages").EnumerateArray().Select(page => page.GetArrayLength()));
        Assert.Equal(expected, told.GetProperty("pages").EnumerateArray().SelectMany(page => page.EnumerateArray()).Select(id => id.GetString()));
        Assert.Equal(expected, told.GetProperty("known").EnumerateArray().Select(id => id.GetString()));
    }

    private async Task<string[]> FirstAsync(int count)
    {
        using var nobody = new ApiClient(production.Survivor);
        JsonElement data = await nobody.Data("query ($first: Int!) { sliceCombinations(first: $first, order: [{ pricePerHour: ASC }]) { nodes { id } } }", new { first = count });
        return [.. data.GetProperty("sliceCombinations").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!)];
    }
}
