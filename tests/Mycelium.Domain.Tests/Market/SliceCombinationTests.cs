using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Market;

public sealed class SliceCombinationTests
{
    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(1, new[] { 1 })]
    [InlineData(7, new[] { 1, 2, 4 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    [InlineData(9, new[] { 1, 2, 4, 8 })]
    [InlineData(47, new[] { 1, 2, 4, 8, 16, 32 })]
    [InlineData(2_000, new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512 })]
    public void A_node_has_a_combination_for_each_power_of_two_that_it_holds(int slices, int[] multipliers)
    {
        GridNode node = A.Node(slices: 1);
        node.Observe(A.Observation(slices: slices, sequence: 2));

        Assert.Equal(multipliers, SliceCombination.Of(node, A.Farm()).Select(combination => combination.Multiplier));
    }

    [Fact]
    public void A_combination_multiplies_the_base_slice_and_inherits_the_rest()
    {
        GridNode node = A.Node(id: 574, slices: 9, price: 20_000);

        SliceCombination four = SliceCombination.Of(node, A.Farm(name: "Freefarm")).Single(combination => combination.Multiplier == 4);

        Assert.Equal(574 * 1024 + 4, four.Id.Value);
        Assert.Equal((node.Id, 4), (four.Id.NodeId, four.Id.Multiplier));
        Assert.Equal((4, 16L << 30, 800L << 30), (four.Cores, four.MemoryBytes, four.SsdBytes));
        Assert.Equal((A.Dollars("0.08").Value, A.Dollars("57.60")), (four.PricePerHour.Value, four.PricePerMonth));
        Assert.Equal((2, "Freefarm", "BE", (Region?)Region.Europe, "Ghent"), (four.QuantityAvailable, four.FarmName, four.CountryCode, four.Region, four.City));
    }

    [Theory]
    [InlineData(0, new[] { 8, 4, 2, 1 })]
    [InlineData(1, new[] { 7, 3, 1, 0 })]
    [InlineData(5, new[] { 3, 1, 0, 0 })]
    [InlineData(8, new[] { 0, 0, 0, 0 })]
    public void What_is_rented_is_not_available(int allocated, int[] available) =>
        Assert.Equal(available, SliceCombination.Of(A.Node(slices: 8, allocated: allocated), A.Farm()).Select(one => one.QuantityAvailable));

    [Fact]
    public void A_node_that_sells_nothing_keeps_its_combinations_with_none_available()
    {
        GridNode node = A.Node(slices: 8);
        node.Observe(A.Observation(slices: 8, sequence: 2) with { Status = NodeStatus.Down });

        Assert.All(
            SliceCombination.Of(node, A.Farm()),
            combination => Assert.Equal((0, NodeStatus.Down), (combination.QuantityAvailable, combination.NodeStatus)));
    }

    [Fact]
    public void A_node_that_is_not_published_has_none()
    {
        GridNode node = A.Node();
        node.Unpublish(A.Farmer);

        Assert.Empty(SliceCombination.Of(node, A.Farm()));
        Assert.Empty(SliceCombination.Of(A.UnregisteredNode(), A.Farm()));
    }

    [Fact]
    public void What_is_available_can_be_rented_and_one_more_cannot() =>
        Property.Holds(Gen.Choose(1, 64).SelectMany(slices => Gen.Choose(0, slices), (slices, allocated) => (slices, allocated)), pair =>
        {
            GridNode node = A.Node(slices: pair.slices, allocated: pair.allocated);

            foreach (SliceCombination combination in SliceCombination.Of(node, A.Farm()))
            {
                int available = combination.QuantityAvailable;
                if (available > 0)
                    Assert.Null(Availability.Refuse(A.Wish(1, combination.Multiplier, available), node));
                Assert.IsType<NotEnoughSlices>(Availability.Refuse(A.Wish(1, combination.Multiplier, available + 1), node));
            }
        }, count: 1_000);

    [Fact]
    public void The_farm_must_be_that_of_the_node() => Assert.Throws<ArgumentException>(() => SliceCombination.Of(A.Node(), A.Farm(id: 2)));

    [Theory]
    [InlineData(0)]
    [InlineData(1_024)]
    public void An_id_has_room_for_multipliers_below_1024(int multiplier) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SliceCombinationId.Of(new NodeId(1), multiplier));

    [Fact]
    public void A_base_slice_is_4_GiB_and_200_GiB() =>
        Assert.Equal((1, 4_294_967_296, 214_748_364_800), (BaseSlice.Cores, BaseSlice.MemoryBytes, BaseSlice.SsdBytes));
}
