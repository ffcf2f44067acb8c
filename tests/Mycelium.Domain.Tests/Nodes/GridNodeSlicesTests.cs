using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Nodes;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class GridNodeSlicesTests
{
    [Fact]
    public void Allocating_takes_free_slices_and_releasing_gives_them_back()
    {
        GridNode node = A.Node(slices: 8);

        node.Allocate(5);
        Assert.Equal((5, 3, 0), (node.AllocatedSlices, node.FreeSlices, node.OvercommittedSlices));

        node.Release(2);
        Assert.Equal((3, 5, 0), (node.AllocatedSlices, node.FreeSlices, node.OvercommittedSlices));
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void No_more_than_all_slices_can_be_allocated(int slices, bool fits)
    {
        GridNode node = A.Node(slices: 8);

        Exception? refusal = Record.Exception(() => node.Allocate(slices));

        Assert.Equal(fits, refusal is null);
        Assert.Equal(fits ? slices : 0, node.AllocatedSlices);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Less_than_one_slice_is_neither_allocated_nor_released(int slices)
    {
        GridNode node = A.Node(allocated: 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => node.Allocate(slices));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.Release(slices));
    }

    [Fact]
    public void No_more_can_be_released_than_is_allocated() =>
        Assert.Throws<InvalidOperationException>(() => A.Node(allocated: 3).Release(4));

    [Fact]
    public void Shrinking_below_what_is_rented_keeps_the_rentals_and_stops_sales()
    {
        GridNode node = A.Node(slices: 8, allocated: 6);

        NodeChange change = node.Observe(A.Observation(slices: 4, sequence: 2));

        Assert.True(change.HasFlag(NodeChange.BecameOvercommitted | NodeChange.SliceCapacity));
        Assert.Equal((4, 6, 2, 0), (node.SliceCapacity, node.AllocatedSlices, node.OvercommittedSlices, node.FreeSlices));
        Assert.Equal(NodeUnavailability.Overcommitted, node.WhyUnavailable());
        Assert.Throws<InvalidOperationException>(() => node.Allocate(1));
    }

    [Fact]
    public void A_release_reduces_what_is_overcommitted_before_anything_becomes_free()
    {
        GridNode node = A.Node(slices: 8, allocated: 6);
        node.Observe(A.Observation(slices: 4, sequence: 2));

        node.Release(2);
        Assert.Equal((0, 0, true), (node.OvercommittedSlices, node.FreeSlices, node.IsSellable));

        node.Release(1);
        Assert.Equal(1, node.FreeSlices);
    }

    [Fact]
    public void A_node_that_shrank_to_exactly_what_is_rented_is_not_overcommitted()
    {
        GridNode node = A.Node(slices: 8, allocated: 6);

        node.Observe(A.Observation(slices: 6, sequence: 2));

        Assert.Equal((0, 0, true), (node.OvercommittedSlices, node.FreeSlices, node.IsSellable));
    }

    /// <summary>A step: 0 allocates, 1 releases, 2 observes another size, 3 misses a pass, 4 sees the node down, 5 publishes or unpublishes.</summary>
    private static readonly Gen<(int Kind, int Slices)[]> script =
        Gen.Choose(0, 5).SelectMany(_ => Gen.Choose(1, 12), (kind, slices) => (kind, slices)).ListOf().Select(steps => steps.ToArray());

    [Fact]
    public void Whatever_happens_to_a_node_its_counts_are_right() =>
        Property.Holds(script, steps =>
        {
            GridNode node = A.Node(slices: 8);
            int rented = 0; // What renters hold, counted independently.
            long sequence = 1;
            foreach ((int kind, int slices) in steps)
            {
                bool isSold = kind == 0 && node.IsSellable && slices <= node.FreeSlices;
                Step(node, kind, slices, ref sequence);
                rented += isSold ? slices : kind == 1 && slices <= rented ? -slices : 0;

                Assert.Equal(rented, node.AllocatedSlices);
                Assert.InRange(node.AllocatedSlices, 0, node.SliceCapacity + node.OvercommittedSlices);
                Assert.Equal(Math.Max(0, node.SliceCapacity - rented), node.FreeSlices);
                Assert.Equal(Math.Max(0, rented - node.SliceCapacity), node.OvercommittedSlices);
                Assert.Equal(node.WhyUnavailable() is null, node.IsSellable);
                Assert.False(isSold && node.OvercommittedSlices > 0);
            }
        }, count: 5_000);

    private static void Step(GridNode node, int kind, int slices, ref long sequence)
    {
        switch (kind)
        {
            case 0 when node.IsSellable && slices <= node.FreeSlices:
                node.Allocate(slices);
                break;
            case 0:
                Assert.Throws<InvalidOperationException>(() => node.Allocate(slices));
                break;
            case 1 when slices <= node.AllocatedSlices:
                node.Release(slices);
                break;
            case 2:
                node.Observe(A.Observation(slices: slices, sequence: ++sequence));
                break;
            case 3:
                node.Miss(++sequence);
                break;
            case 4:
                node.Observe(A.Observation(slices: slices, sequence: ++sequence) with { Status = NodeStatus.Down });
                break;
            case 5 when node.IsPublished:
                node.Unpublish(A.Farmer);
                break;
            case 5:
                node.Publish(A.Farmer);
                break;
        }
    }
}
