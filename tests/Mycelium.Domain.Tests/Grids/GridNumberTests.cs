using FsCheck.Fluent;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Xunit;

namespace Mycelium.Domain.Tests.Grids;

public sealed class GridNumberTests
{
    [Fact]
    public void A_grid_and_a_number_on_it_can_be_read_from_an_id() => Property.Holds(
        from grid in Property.Between(0, GridNumber.Max)
        from number in Property.Between(1, GridNumber.OwnNumberMax)
        from multiplier in Property.Between(1, SliceCombination.MultiplierMax)
        select (Grid: GridNumber.From((int)grid), Number: number, Multiplier: (int)multiplier),
        one =>
        {
            var node = NodeId.Of(one.Grid, one.Number);
            Assert.Equal((one.Grid, one.Number), (node.Grid, node.Number));
            var farm = FarmId.Of(one.Grid, one.Number);
            Assert.Equal((one.Grid, one.Number, node.Value), (farm.Grid, farm.Number, farm.Value));
            var combination = SliceCombinationId.Of(node, one.Multiplier);
            Assert.Equal((node, one.Multiplier), (combination.NodeId, combination.Multiplier));
            Assert.InRange(node.Value, one.Grid.Ids.First, one.Grid.Ids.Last);
        });

    [Fact]
    public void Ids_are_ordered_by_grid_and_then_by_number() => Property.Holds(
        from grids in Property.Between(0, GridNumber.Max).Two()
        from numbers in Property.Between(1, GridNumber.OwnNumberMax).Two()
        select (grids, numbers),
        two =>
        {
            var left = NodeId.Of(GridNumber.From((int)two.grids.Item1), two.numbers.Item1);
            var right = NodeId.Of(GridNumber.From((int)two.grids.Item2), two.numbers.Item2);
            int expected = (two.grids.Item1, two.numbers.Item1).CompareTo((two.grids.Item2, two.numbers.Item2));
            Assert.Equal(Math.Sign(expected), Math.Sign(left.CompareTo(right)));
        });

    [Fact]
    public void On_the_main_grid_an_id_is_the_number_itself()
    {
        Assert.Equal(new NodeId(582), NodeId.Of(GridNumber.Main, 582));
        Assert.Equal((GridNumber.Main, 582L, "582"), (new NodeId(582).Grid, new NodeId(582).Number, new NodeId(582).ToString()));
    }

    [Fact]
    public void On_another_grid_an_id_holds_the_grids_number()
    {
        var node = NodeId.Of(GridNumber.From(3), 582);

        Assert.Equal((3L << 32) + 582, node.Value);
        Assert.Equal("3/582", node.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    public void A_number_that_no_grid_can_assign_has_no_id(long number)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NodeId.Of(GridNumber.Main, number));
        Assert.Throws<ArgumentOutOfRangeException>(() => FarmId.Of(GridNumber.Main, number));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(GridNumber.Max + 1)]
    public void A_number_that_does_not_fit_in_ids_is_not_a_grid(int number) => Assert.Throws<ArgumentOutOfRangeException>(() => GridNumber.From(number));
}
