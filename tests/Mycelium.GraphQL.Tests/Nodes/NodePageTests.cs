using Mycelium.GraphQL.Tests.Hosting;
using Snapshooter;
using Snapshooter.Xunit;

namespace Mycelium.GraphQL.Tests.Nodes;

/// <summary>The page about one node, in full.</summary>
[Collection(ApiCollection.Name)]
public sealed class NodePageTests(ApiHost host)
{
    [Theory]
    [InlineData(1)] // A real node that is used beyond its capacity.
    [InlineData(7)]
    public async Task The_page_of_a_node_matches_its_snapshot(int gridId)
    {
        string answer = (await host.Anyone.SendAsync(
            """
            query($gridId: Long!) {
              gridNode(gridId: $gridId) {
                id gridId twinId country countryCode region city latitude longitude
                status certification isDedicated rentedByTwinId isHealthy isVanished features serialNumber gridCreatedAt lastReportAt uptimeSeconds
                totalCores totalMemoryBytes totalSsdBytes totalHddBytes usedCores usedMemoryBytes usedSsdBytes usedHddBytes uploadMbps downloadMbps
                gpuCount gpus { id vendor device }
                isPublished pricePerSliceHour sliceCapacity allocatedSlices overcommittedSlices freeSlices isSellable unavailability
                farm { gridId name certification isDedicated }
                sliceCombinations { id multiplier quantityAvailable pricePerHour pricePerMonth }
              }
            }
            """,
            new { gridId })).ToSnapshot();

        Snapshot.Match(answer, new SnapshotNameExtension(gridId));
    }
}
