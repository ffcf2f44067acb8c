using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>
/// What the <c>EventSource</c> of a page receives while replicas die. It has no cursor and reconnects with only the id of the last event.
/// </summary>
[Collection(ProductionCollection.Name)]
public sealed class EventSourceTests(Production production)
{
    [Fact]
    public async Task When_its_replica_is_killed_the_browser_reconnects_and_receives_exactly_what_it_missed()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(production.Cluster);
        string combination = await production.NextCombinationAsync();
        string query =
            $$"""
            subscription {
              onSliceCombinationChanged(where: { id: { eq: "{{combination}}" } }) {
                __typename ... on StreamEvent { cursor } ... on ChangeEvent { reason }
                ... on SliceCombinationChanged { sliceCombination { quantityAvailable } }
              }
            }
            """;
        using ChildProcess page = await NodeScripts.Conformance.StartAsync("event-source.js", query, Address(victim), Address(production.Survivor));
        await page.WaitForLineAsync(line => line.Contains("SliceCombinationsSnapshot", StringComparison.Ordinal));

        string first = (await renter.RentAsync(production.Survivor, combination)).RentalId!;
        await page.WaitForLineAsync(line => line.Contains("SLICES_RENTED", StringComparison.Ordinal));
        production.Cluster.KillReplica(victim);
        await renter.CancelAsync(production.Survivor, first);
        string second = await renter.RentWithRetriesAsync(production.Survivor, combination, Guid.NewGuid().ToString());
        await renter.CancelAsync(production.Survivor, second);
        await Eventually.HoldsAsync(() => Reasons(page).Length >= 5, "the page has caught up");

        Assert.Equal(["SNAPSHOT", "SLICES_RENTED", "SLICES_RELEASED", "SLICES_RENTED", "SLICES_RELEASED"], Reasons(page));
    }

    private static string Address(Uri replica) => new Uri(replica, "/graphql").ToString();

    private static string[] Reasons(ChildProcess page) =>
    [
        .. from line in page.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           where line.StartsWith('{')
           let reason = JsonElement.Parse(line).Kind()
           where reason != "BOOKMARK"
           select reason,
    ];
}
