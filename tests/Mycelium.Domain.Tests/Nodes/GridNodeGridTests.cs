using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class GridNodeGridTests
{
    [Fact]
    public void A_discovered_node_has_its_facts_and_sells_nothing()
    {
        GridNode node = A.UnregisteredNode(id: 574, slices: 9);

        Assert.Equal(new NodeId(574), node.Id);
        Assert.Equal(9, node.SliceCapacity);
        Assert.Equal(("Belgium", "BE", (Region?)Region.Europe, "Ghent"), (node.Country, node.CountryCode, node.Region, node.City));
        Assert.Equal(NodeUnavailability.NotRegistered, node.WhyUnavailable());
        Assert.Equal(A.Noon, node.CapacityAsOf);
    }

    [Fact]
    public void Observing_the_same_again_changes_nothing_but_how_fresh_it_is()
    {
        GridNode node = A.Node();
        long version = node.Version;

        NodeChange change = node.Observe(A.Observation(sequence: 2) with
        {
            UptimeSeconds = 77,
            LastReportAt = A.Noon.AddMinutes(40),
            ObservedAt = A.Noon.AddMinutes(41),
        });

        Assert.Equal(NodeChange.None, change);
        Assert.Equal(version, node.Version);
        Assert.Equal((A.Noon.AddMinutes(41), 77, 2), (node.CapacityAsOf, node.UptimeSeconds, node.SyncSequence));
    }

    [Fact]
    public void Implausible_values_are_ignored_and_an_implausible_state_takes_the_node_off_the_market()
    {
        GridNode node = A.Node(slices: 8, allocated: 3);
        NodeObservation down = A.Observation(sequence: 2) with { Status = NodeStatus.Standby, Place = NodePlace.Unknown, ObservedAt = A.Noon.AddMinutes(1) };

        node.Observe(down with { Unread = NodeFacts.City | NodeFacts.Coordinates });
        Assert.Equal((NodeStatus.Standby, null, "Ghent", 51.05, 3.72), (node.Status, node.Country, node.City, node.Latitude, node.Longitude));
        Assert.Equal((null, A.Noon.AddMinutes(1)), (node.WhyUnavailable(), node.CapacityAsOf));

        NodeObservation doubtful = down with { Total = default, Unread = NodeFacts.Total, ObservedAt = A.Noon.AddMinutes(2), SyncSequence = 3 };
        Assert.Equal(NodeChange.Doubt, node.Observe(doubtful with { Place = NodePlace.Unknown with { City = "Ghent", Latitude = 51.05, Longitude = 3.72 } }));
        Assert.Equal((NodeUnavailability.Doubted, 8, 3), (node.WhyUnavailable(), node.SliceCapacity, node.AllocatedSlices));
        Assert.Equal((A.Noon.AddMinutes(2), A.Noon.AddMinutes(1)), (node.DoubtedSince, node.CapacityAsOf)); // The time of the values that are shown.

        node.Observe(A.Observation(sequence: 4));
        Assert.Equal((null, null, 5), (node.WhyUnavailable(), node.DoubtedSince, node.FreeSlices));
    }

    [Fact]
    public void A_node_that_the_grid_rents_out_as_a_whole_sells_no_slices()
    {
        GridNode node = A.Node(allocated: 2);

        node.Observe(A.Observation(sequence: 2) with { IsDedicated = true });
        Assert.Equal((NodeUnavailability.Dedicated, 2), (node.WhyUnavailable(), node.AllocatedSlices));
        Assert.Equal(NodeChange.GridRental | NodeChange.Description, node.Observe(A.Observation(sequence: 3) with { IsRentedOnGrid = true }));
        Assert.Equal((NodeUnavailability.RentedOnGrid, (long?)null), (node.WhyUnavailable(), node.RentedByTwinId));
    }

    [Fact]
    public void A_node_is_not_created_from_implausible_values() =>
        Assert.Throws<ArgumentException>(() => GridNode.Discover(A.Observation() with { Unread = NodeFacts.Status }));

    [Fact]
    public void A_page_that_was_fetched_earlier_and_arrives_late_is_ignored()
    {
        GridNode node = A.Node(slices: 8);
        node.Observe(A.Observation(slices: 6, sequence: 5));

        Assert.Equal(NodeChange.None, node.Observe(A.Observation(slices: 8, sequence: 4)));

        Assert.Equal(6, node.SliceCapacity);
    }

    [Fact]
    public void Each_kind_of_change_is_reported()
    {
        AssertTold(NodeChange.Status, seen => seen with { Status = NodeStatus.Standby });
        AssertTold(NodeChange.GridRental, seen => seen with { RentedByTwinId = 9 });
        AssertTold(NodeChange.Capacity, seen => seen with { Used = A.Capacity(ssdGib: 0, memoryGib: 0, cores: 0) with { HddBytes = 1 } });
        AssertTold(NodeChange.Capacity | NodeChange.SliceCapacity, seen => seen with { Used = A.Slices(1) });
        AssertTold(NodeChange.Description, seen => seen with { TwinId = 5 });
        AssertTold(NodeChange.Description, seen => seen with { Place = seen.Place with { City = "Bruges" } });
        AssertTold(NodeChange.Description, seen => seen with { Certification = NodeCertification.Certified });
        AssertTold(NodeChange.Description, seen => seen with { IsDedicated = true });
        AssertTold(NodeChange.Description, seen => seen with { IsHealthy = true });
        AssertTold(NodeChange.Description, seen => seen with { GpuCount = 1 });
        AssertTold(NodeChange.Description, seen => seen with { Gpus = [new Gpu("0000:0e:00.0", "AMD", "Navi 31")] });
        AssertTold(NodeChange.Description, seen => seen with { Features = ["zmachine"] });
        AssertTold(NodeChange.Description, seen => seen with { UploadMbps = 512.3 });
        AssertTold(NodeChange.Description, seen => seen with { DownloadMbps = 512.3 });
        AssertTold(NodeChange.Description, seen => seen with { SerialNumber = "S1" });
        AssertTold(NodeChange.Description, seen => seen with { GridCreatedAt = A.Noon });
    }

    private static void AssertTold(NodeChange expected, Func<NodeObservation, NodeObservation> change)
    {
        GridNode node = A.Node();
        long version = node.Version;

        Assert.Equal(expected, node.Observe(change(A.Observation(sequence: 2))));
        Assert.Equal(version + 1, node.Version);
    }

    [Fact]
    public void Reported_use_may_exceed_the_total_and_leaves_no_slice()
    {
        GridNode node = A.Node(slices: 2);

        node.Observe(A.Observation(slices: 2, sequence: 2) with { Used = A.Slices(5) });

        Assert.Equal((0, 0, 5), (node.SliceCapacity, node.FreeSlices, node.UsedCores));
    }

    [Fact]
    public void Our_own_rentals_on_the_grid_are_not_counted_twice()
    {
        GridNode node = A.Node(slices: 8, allocated: 3);

        node.Observe(A.Observation(slices: 8, sequence: 2) with { Used = A.Slices(4), Own = A.Slices(3) });

        Assert.Equal((7, 3, 4), (node.SliceCapacity, node.AllocatedSlices, node.FreeSlices));
    }

    [Fact]
    public void A_node_vanishes_at_the_third_complete_pass_without_it_and_returns_when_seen()
    {
        GridNode node = A.Node();

        Assert.Equal(NodeChange.None, node.Miss(2));
        Assert.Equal(NodeChange.None, node.Miss(3));
        Assert.True(node.IsSellable);

        Assert.Equal(NodeChange.Vanished, node.Miss(4));
        Assert.Equal(NodeUnavailability.Vanished, node.WhyUnavailable());

        Assert.Equal(NodeChange.None, node.Miss(5));
        Assert.Equal(4, node.MissedPasses);

        Assert.Equal(NodeChange.Returned, node.Observe(A.Observation(sequence: 6)));
        Assert.Equal((0, false, true), (node.MissedPasses, node.IsVanished, node.IsSellable));
    }

    [Fact]
    public void A_pass_counts_as_missed_once()
    {
        GridNode node = A.Node();

        node.Miss(2);
        node.Miss(2);

        Assert.Equal(1, node.MissedPasses);
    }

    [Fact]
    public void A_node_that_was_seen_in_between_has_not_missed_passes_in_a_row()
    {
        GridNode node = A.Node();
        node.Miss(2);
        node.Miss(3);
        node.Observe(A.Observation(sequence: 4));

        node.Miss(5);

        Assert.Equal((1, false), (node.MissedPasses, node.IsVanished));
    }

    [Fact]
    public void No_observation_changes_what_the_farmer_decided()
    {
        GridNode node = A.Node(price: 20_000);

        node.Observe(A.Observation(slices: 1, sequence: 2) with { Status = NodeStatus.Down, Total = default(Capacity) });

        Assert.Equal((A.Farmer, true, 20_000), (node.FarmerId!.Value, node.IsPublished, node.PricePerSlice.Value));
    }

    [Fact]
    public void A_node_rejects_an_observation_of_another() =>
        Assert.Throws<ArgumentException>(() => A.Node(id: 1).Observe(A.Observation(id: 2, sequence: 2)));

    [Fact]
    public void A_node_and_its_combinations_have_their_grid_and_the_number_there()
    {
        var test = GridNumber.From(1);
        NodeObservation seen = A.Observation() with { Id = NodeId.Of(test, 574), FarmId = FarmId.Of(test, 1), Grid = "test" };
        GridNode node = GridNode.Discover(seen);
        Farm farm = new(new FarmObservation(FarmId.Of(test, 1), "Freefarm", 2, FarmCertification.NotCertified, false, 0, 0, null, A.Noon, "test"));
        farm.LinkOwner(A.Farmer);
        node.Register(A.Farmer, farm, price: null, A.Policy);
        node.Publish(A.Farmer);

        Assert.Equal(("test", 574), (node.Grid, node.GridId));
        Assert.All(SliceCombination.Of(node, farm), combination => Assert.Equal(("test", node.Id), (combination.Grid, combination.Id.NodeId)));
        Assert.Throws<ArgumentException>(() => node.Observe(seen with { Grid = "main", SyncSequence = 2 }));
    }

    [Fact]
    public void The_reasons_for_selling_nothing_have_an_order()
    {
        GridNode node = A.UnregisteredNode(slices: 8);
        Assert.Equal(NodeUnavailability.NotRegistered, node.WhyUnavailable());

        node.Register(A.Farmer, A.Farm(), null, A.Policy);
        Assert.Equal(NodeUnavailability.NotPublished, node.WhyUnavailable());

        node.Publish(A.Farmer);
        node.Allocate(8);
        Assert.Null(node.WhyUnavailable());

        node.Observe(A.Observation(slices: 4, sequence: 2));
        Assert.Equal(NodeUnavailability.Overcommitted, node.WhyUnavailable());

        node.Observe(A.Observation(slices: 4, sequence: 3) with { RentedByTwinId = 9 });
        Assert.Equal(NodeUnavailability.RentedOnGrid, node.WhyUnavailable());

        node.Observe(A.Observation(slices: 4, sequence: 4) with { RentedByTwinId = 9, Status = NodeStatus.Down });
        Assert.Equal(NodeUnavailability.Down, node.WhyUnavailable());

        node.Miss(5);
        node.Miss(6);
        node.Miss(7);
        Assert.Equal(NodeUnavailability.Vanished, node.WhyUnavailable());
    }

    [Fact]
    public void A_sleeping_node_still_sells()
    {
        GridNode node = A.Node();

        node.Observe(A.Observation(sequence: 2) with { Status = NodeStatus.Standby });

        Assert.True(node.IsSellable);
    }

    [Fact]
    public void Recorded_uptime_is_a_percentage()
    {
        GridNode node = A.Node();

        Assert.True(node.RecordUptime(99.5));
        Assert.False(node.RecordUptime(99.5));
        Assert.Equal(99.5, node.UptimePercent);
        Assert.Throws<ArgumentOutOfRangeException>(() => node.RecordUptime(100.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.RecordUptime(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.RecordUptime(double.NaN));
    }
}
