using FsCheck.Fluent;
using Mycelium.Domain.Nodes;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class UptimeTests
{
    [Fact]
    public void The_window_of_thirty_days_has_1080_slots_of_forty_minutes()
    {
        Assert.Equal(Uptime.WindowSlots, Uptime.Window / Uptime.SlotLength);
        Assert.Equal(Uptime.WindowSlots, Uptime.SlotOf(A.Noon) - Uptime.FirstSlot(A.Noon) + 1);
    }

    [Fact]
    public void A_slot_begins_with_its_first_instant_and_ends_before_the_next()
    {
        DateTimeOffset start = DateTimeOffset.UnixEpoch + 1_000 * Uptime.SlotLength;

        Assert.Equal(999, Uptime.SlotOf(start.AddTicks(-1)));
        Assert.Equal(1_000, Uptime.SlotOf(start));
        Assert.Equal(1_000, Uptime.SlotOf(start + Uptime.SlotLength - TimeSpan.FromTicks(1)));
        Assert.Equal(-1, Uptime.SlotOf(DateTimeOffset.UnixEpoch.AddTicks(-1)));
    }

    [Fact]
    public void Without_samples_there_is_no_percentage() => Assert.Null(Uptime.Percent([], A.Noon));

    [Fact]
    public void Slots_without_an_observation_do_not_count()
    {
        long now = Uptime.SlotOf(A.Noon);

        Assert.Equal(75, Uptime.Percent([new(now, true), new(now - 5, true), new(now - 9, false), new(now - 10, true)], A.Noon));
    }

    [Fact]
    public void A_slot_in_which_the_node_was_seen_up_once_is_up()
    {
        long now = Uptime.SlotOf(A.Noon);

        Assert.Equal(100, Uptime.Percent([new(now, false), new(now, true), new(now, false)], A.Noon));
    }

    [Fact]
    public void Samples_outside_the_window_do_not_count()
    {
        long first = Uptime.FirstSlot(A.Noon);
        UptimeSample[] outside = [new(first - 1, false), new(Uptime.SlotOf(A.Noon) + 1, false)];

        Assert.Null(Uptime.Percent(outside, A.Noon));
        Assert.Equal(100, Uptime.Percent([.. outside, new(first, true)], A.Noon));
    }

    [Fact]
    public void One_missed_slot_in_thirty_days_is_a_tenth_of_a_percent() => Assert.Equal(99.91, Uptime.Percent(1_079, 1_080));

    [Theory]
    [InlineData(NodeStatus.Up, true)]
    [InlineData(NodeStatus.Standby, true)]
    [InlineData(NodeStatus.Down, false)]
    public void A_sleeping_node_counts_as_up(NodeStatus status, bool isUp) => Assert.Equal(isUp, Uptime.IsUp(status));

    [Fact]
    public void A_percentage_is_between_0_and_100_and_rises_with_each_slot_up() =>
        Property.Holds(Gen.Choose(1, Uptime.WindowSlots).SelectMany(sampled => Gen.Choose(0, sampled), (sampled, up) => (sampled, up)), pair =>
        {
            double percent = Uptime.Percent(pair.up, pair.sampled)!.Value;

            Assert.InRange(percent, 0, 100);
            Assert.True(pair.up == pair.sampled || Uptime.Percent(pair.up + 1, pair.sampled) > percent);
        }, count: 2_000);
}
