using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Slices;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Slices;

public sealed class SliceCountingTests
{
    private static readonly Gen<Capacity> anyCapacity =
        from cores in Property.AnyInt
        from bytes in Property.AnyLong.Three()
        select new Capacity(cores, bytes.Item1, bytes.Item2, bytes.Item3);

    /// <summary>Realistic machine sizes, so that each of the three resources is the scarce one in some cases.</summary>
    private static readonly Gen<Capacity> machine =
        from cores in Gen.Choose(0, 512)
        from memory in Property.Between(0, 4L << 40)
        from ssd in Property.Between(0, 200L << 40)
        select new Capacity(cores, memory, ssd, 0);

    [Theory]
    [InlineData(32, 64, 1_000, 5)]
    [InlineData(16, 64, 4_000, 16)]
    [InlineData(8, 32, 10_000, 8)]
    [InlineData(32, 128, 2_000, 10)]
    public void The_worked_cases_hold(int cores, long memoryGib, long ssdGib, int slices) =>
        Assert.Equal(slices, SliceCounting.Count(A.Capacity(cores, memoryGib, ssdGib)));

    [Fact]
    public void Node_574_of_the_grid_holds_nine_slices_of_which_one_is_free()
    {
        var total = new Capacity(56, 202_711_719_936, 2_000_409_772_032, 144_001_663_500_288);
        var used = new Capacity(35, 95_701_535_130, 1_597_727_834_112, 0);

        Assert.Equal(9, SliceCounting.Count(total));
        Assert.Equal(1, SliceCounting.Count(total, used));
    }

    [Fact]
    public void Node_1_of_the_grid_holds_two_slices_and_is_overbooked()
    {
        var total = new Capacity(24, 202_802_933_760, 512_110_190_592, 9_001_778_946_048);
        var used = new Capacity(52, 119_957_094_400, 793_419_710_464, 0);

        Assert.Equal(2, SliceCounting.Count(total));
        Assert.Equal(0, SliceCounting.Count(total, used));
    }

    [Fact]
    public void Node_83_of_the_grid_is_too_small() =>
        Assert.Equal(0, SliceCounting.Count(new Capacity(4, 16_696_685_363, 128_032_975_093, 2_000_381_018_112)));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void One_byte_less_than_a_slice_is_not_a_slice(long extraBytes, int slices)
    {
        Assert.Equal(slices, SliceCounting.Count(new Capacity(1, BaseSlice.MemoryBytes + extraBytes, BaseSlice.SsdBytes, 0)));
        Assert.Equal(slices, SliceCounting.Count(new Capacity(1, BaseSlice.MemoryBytes, BaseSlice.SsdBytes + extraBytes, 0)));
    }

    [Fact]
    public void Every_64_bit_input_gives_what_unbounded_arithmetic_gives() =>
        Property.Holds(anyCapacity.Two(), pair =>
        {
            (Capacity total, Capacity used) = pair;
            BigInteger exact = BigInteger.Min(
                Quotient(total.Cores, used.Cores, 1),
                BigInteger.Min(Quotient(total.MemoryBytes, used.MemoryBytes, 4L << 30), Quotient(total.SsdBytes, used.SsdBytes, 200L << 30)));

            int counted = SliceCounting.Count(total, used);

            Assert.True(counted >= 0);
            Assert.Equal(BigInteger.Min(int.MaxValue, BigInteger.Max(0, exact)), counted);
        });

    [Fact]
    public void More_capacity_never_holds_fewer_slices_and_more_use_never_leaves_more() =>
        Property.Holds(machine.Three(), three =>
        {
            (Capacity total, Capacity used, Capacity more) = three;
            int counted = SliceCounting.Count(total, used);

            Assert.True(SliceCounting.Count(Sum(total, more), used) >= counted);
            Assert.True(SliceCounting.Count(total, Sum(used, more)) <= counted);
        });

    [Fact]
    public void Hard_disks_do_not_count() =>
        Property.Holds(machine.SelectMany(_ => Property.AnyLong, (capacity, hdd) => (capacity, hdd)), pair =>
            Assert.Equal(SliceCounting.Count(pair.capacity), SliceCounting.Count(pair.capacity with { HddBytes = pair.hdd })));

    [Fact]
    public void A_rental_that_runs_on_the_grid_is_subtracted_once() =>
        Property.Holds(machine.SelectMany(_ => Gen.Choose(0, 512), (others, own) => (others, own)), pair =>
        {
            (Capacity others, int own) = pair;
            Capacity reported = Sum(others, A.Slices(own));

            Assert.Equal(others, SliceCounting.UsedByOthers(reported, A.Slices(own)));
        });

    [Fact]
    public void Use_by_others_is_never_negative_whatever_is_reported() =>
        Property.Holds(anyCapacity.SelectMany(_ => machine, (reported, own) => (reported, own)), pair =>
        {
            Capacity others = SliceCounting.UsedByOthers(pair.reported, pair.own);

            Assert.True(others is { Cores: >= 0, MemoryBytes: >= 0, SsdBytes: >= 0, HddBytes: >= 0 });
        });

    private static BigInteger Quotient(long total, long used, long inSlice) => BigInteger.Divide((BigInteger)total - used, inSlice);

    private static Capacity Sum(Capacity left, Capacity right) =>
        new(left.Cores + right.Cores, left.MemoryBytes + right.MemoryBytes, left.SsdBytes + right.SsdBytes, left.HddBytes + right.HddBytes);
}
