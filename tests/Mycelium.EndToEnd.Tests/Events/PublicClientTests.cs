using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>graphql-ws, the client that frontends use, while replicas die.</summary>
[Collection(ProductionCollection.Name)]
public sealed class PublicClientTests(Production production)
{
    private const string Combination =
        """
        subscription ($id: ID!, $after: String) {
          onSliceCombinationChanged(after: $after, where: { id: { eq: $id } }) {
            __typename ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on SliceCombinationChanged { sliceCombination { quantityAvailable } }
          }
        }
        """;

    [Fact]
    public async Task When_its_replica_is_killed_the_client_reconnects_elsewhere_and_misses_nothing()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(production.Cluster);
        string combination = await production.NextCombinationAsync();
        using ChildProcess client = await NodeScripts.Conformance.StartAsync(
            "live.js", Combination, JsonSerializer.Serialize(new { id = combination }), Socket(victim), Socket(production.Survivor));
        await client.WaitForLineAsync(line => line.Contains("SliceCombinationsSnapshot", StringComparison.Ordinal));

        string first = (await renter.RentAsync(production.Survivor, combination)).RentalId!;
        await client.WaitForLineAsync(line => line.Contains("SLICES_RENTED", StringComparison.Ordinal));
        production.Cluster.KillReplica(victim);
        await renter.CancelAsync(production.Survivor, first);
        string second = await renter.RentWithRetriesAsync(production.Survivor, combination, Guid.NewGuid().ToString());
        await renter.CancelAsync(production.Survivor, second);
        await Eventually.HoldsAsync(() => Reasons(client).Length >= 5, "the client has caught up");

        Assert.Equal(["SNAPSHOT", "SLICES_RENTED", "SLICES_RELEASED", "SLICES_RENTED", "SLICES_RELEASED"], Reasons(client));
    }

    private static string Socket(Uri replica) => new UriBuilder(replica) { Scheme = "ws", Path = "/graphql" }.Uri.ToString();

    private static string[] Reasons(ChildProcess client) =>
    [
        .. from line in client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let reason = JsonElement.Parse(line).Kind()
           where reason != "BOOKMARK"
           select reason,
    ];
}
