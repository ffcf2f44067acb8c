using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Provisioning;

public sealed class MachineTests
{
    private static readonly DateTimeOffset noon = A.Noon;
    private static readonly TimeSpan tick = TimeSpan.FromTicks(1);
    private static readonly ImageId debian = ImageId.Parse("debian-12");

    [Fact]
    public void A_machine_is_ordered_until_its_deadline_and_given_up_from_then_on()
    {
        Machine machine = Wanted();

        Assert.Equal(MachineStep.Put, machine.Next(noon));
        Assert.Equal(MachineStep.Put, machine.Next(noon + Machine.ReadyWithin - tick));
        Assert.Equal(MachineStep.GiveUp, machine.Next(noon + Machine.ReadyWithin));
        Assert.Equal(MachineStep.GiveUp, machine.Next(noon + Machine.ReadyWithin + tick));
    }

    [Fact]
    public void A_report_that_it_is_ready_makes_it_ready_and_keeps_the_first_instant()
    {
        Machine machine = Wanted();

        Assert.Equal(MachineChange.None, machine.Take(Report(MachineReportState.Creating), noon));
        Assert.Equal(1, machine.Tries);
        Assert.Equal(MachineChange.BecameReady, machine.Take(Report(MachineReportState.Ready), noon + tick));
        Assert.Equal(MachineChange.None, machine.Take(Report(MachineReportState.Ready), noon + tick * 2));

        Assert.Equal((MachineState.Ready, 0, noon + tick), (machine.State, machine.Tries, machine.ReadyAt));
        Assert.Equal(MachineStep.Read, machine.Next(noon + TimeSpan.FromDays(300)));
    }

    [Fact]
    public void A_failure_before_it_was_ever_ready_is_tried_again_in_the_next_version_and_keeps_its_reason()
    {
        Machine machine = Wanted();

        MachineChange change = machine.Take(Report(MachineReportState.Failed, reason: "no disk"), noon);

        Assert.Equal((MachineChange.TriedAgain, MachineState.Creating, 2, "no disk"), (change, machine.State, machine.Version, machine.Reason));
    }

    [Fact]
    public void A_machine_that_breaks_is_not_made_anew_by_itself()
    {
        Machine machine = Ready();

        Assert.Equal(MachineChange.Broke, machine.Take(Report(MachineReportState.Failed, reason: "disk lost"), noon));

        Assert.Equal((MachineState.Failed, 1, MachineStep.None), (machine.State, machine.Version, machine.Next(noon)));
    }

    [Fact]
    public void A_machine_that_starts_again_has_its_time_again()
    {
        Machine machine = Ready();
        DateTimeOffset later = noon + TimeSpan.FromDays(3);

        machine.Take(Report(MachineReportState.Creating), later);

        Assert.Equal((MachineState.Creating, later + Machine.ReadyWithin), (machine.State, machine.DeadlineAt));
    }

    [Fact]
    public void What_the_provisioner_lost_is_made_in_the_next_version_and_occupies_nothing()
    {
        Machine machine = Ready(use: A.Slices(2));
        DateTimeOffset later = noon + TimeSpan.FromDays(3);

        Assert.Equal(MachineChange.Lost, machine.Miss(later));

        Assert.Equal((MachineState.Creating, 2, null, 0), (machine.State, machine.Version, machine.DeployedAt, machine.UsedCores));
        Assert.Equal(later + Machine.ReadyWithin, machine.DeadlineAt);
    }

    [Fact]
    public void A_later_version_than_ours_is_outrun_and_an_older_one_told_again()
    {
        Machine ahead = Ready(), behind = Ready();
        behind.Rebuild(A.Rental(), A.SshKey, null, noon);
        behind.Take(Report(MachineReportState.Ready, version: 2), noon);

        Assert.Equal(MachineChange.Outrun, ahead.Take(Report(MachineReportState.Gone, version: 9), noon));
        Assert.Equal(MachineChange.Lost, behind.Take(Report(MachineReportState.Ready, version: 1), noon));

        Assert.Equal((10, MachineState.Creating), (ahead.Version, ahead.State));
        Assert.Equal((2, MachineState.Creating), (behind.Version, behind.State));
    }

    [Fact]
    public void What_is_used_counts_up_to_what_was_rented()
    {
        Machine machine = Ready(use: A.Slices(200));

        Assert.Equal(A.Slices(2), new Capacity(machine.UsedCores, machine.UsedMemoryBytes, machine.UsedSsdBytes, 0));
    }

    [Fact]
    public void Cumulative_meters_never_go_back()
    {
        Machine machine = Ready();

        machine.Take(Report(MachineReportState.Ready) with { Meters = new MachineMeters(2, 50, 7) }, noon);
        machine.Take(Report(MachineReportState.Ready) with { Meters = new MachineMeters(0, 3, 9) }, noon + tick);

        Assert.Equal((0, 50, 9, noon + tick), (machine.PublicIpCount, machine.PublicIpHours, machine.TrafficGib, machine.MeteredAt));
    }

    [Fact]
    public void Retrying_revives_what_was_given_up_and_refuses_what_is_ready()
    {
        Machine machine = Wanted();
        machine.GiveUp();
        Assert.NotNull(machine.Reason);
        DateTimeOffset later = noon + TimeSpan.FromDays(1);

        Assert.IsType<ProvisioningRetried>(machine.Retry(A.Rental(), later));

        Assert.Equal((MachineState.Creating, 2, later + Machine.ReadyWithin, 1), (machine.State, machine.Version, machine.DeadlineAt, machine.Claim));
        Assert.IsType<MachineIsReady>(Ready().Retry(A.Rental(), noon));
    }

    [Fact]
    public void Retrying_what_is_being_made_gives_it_no_more_time()
    {
        Machine machine = Wanted();
        machine.Fail();

        Assert.IsType<ProvisioningRetried>(machine.Retry(A.Rental(), noon + tick));

        Assert.Equal((1, 0, noon + Machine.ReadyWithin), (machine.Version, machine.Tries, machine.DeadlineAt));
    }

    [Fact]
    public void Rebuilding_orders_the_next_version_for_the_new_key_and_image()
    {
        Machine machine = Ready(use: A.Slices(2));
        SshPublicKey key = SshPublicKey.Parse(A.Ed25519Line(filledWith: 9));
        DateTimeOffset later = noon + TimeSpan.FromDays(1);

        Assert.IsType<RentalRebuilding>(machine.Rebuild(A.Rental(), key, debian, later));

        Assert.Equal((MachineState.Creating, 2, key.Text, "debian-12"), (machine.State, machine.Version, machine.SshPublicKey, machine.Image));
        Assert.Equal((null, later + Machine.ReadyWithin), (machine.DeployedAt, machine.DeadlineAt));
    }

    [Fact]
    public void Rebuilding_before_it_was_ever_ready_gives_it_no_more_time()
    {
        Machine machine = Wanted();

        machine.Rebuild(A.Rental(), A.SshKey, null, noon + TimeSpan.FromMinutes(10));

        Assert.Equal(noon + Machine.ReadyWithin, machine.DeadlineAt);
    }

    [Fact]
    public void An_ended_rental_has_nothing_to_retry_or_rebuild()
    {
        Rental ended = A.Rental();
        ended.Cancel(null, noon);

        Assert.IsType<RentalAlreadyEnded>(Ready().Retry(ended, noon));
        Assert.IsType<RentalAlreadyEnded>(Ready().Rebuild(ended, A.SshKey, null, noon));
    }

    [Theory]
    [InlineData("ubuntu-24.04", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-a", false)]
    [InlineData("Ubuntu", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("$(id)", false)]
    public void An_image_has_a_plain_name(string? text, bool isOne)
    {
        Assert.Equal(isOne, ImageId.TryParse(text, out _));
        Assert.True(ImageId.TryParse(new string('a', 64), out _));
        Assert.False(ImageId.TryParse(new string('a', 65), out _));
    }

    [Fact]
    public void Machines_count_as_ours_in_reports_that_are_not_older_than_they_are()
    {
        MachineUse[] machines = [new(A.Slices(1), noon), new(A.Slices(2), noon + tick)];

        Assert.Equal(default, OwnUse.In(machines, noon - tick));
        Assert.Equal(A.Slices(1), OwnUse.In(machines, noon));
        Assert.Equal(A.Slices(3), OwnUse.In(machines, noon + tick));
    }

    private static Machine Wanted() => Machine.Want(RentalId.New(noon), new NodeId(7), 2, null, A.SshKey.Text, noon);

    private static Machine Ready(Capacity? use = null)
    {
        Machine machine = Wanted();
        machine.Take(Report(MachineReportState.Ready, use: use), noon);
        return machine;
    }

    private static MachineReport Report(MachineReportState state, long version = 1, string? reason = null, Capacity? use = null)
    {
        Assert.True(MachineAccess.TryCreate("127.0.0.1", 22, "root", [A.SshKey.Text], null, null, out MachineAccess? access, out _));
        return new(
            version, state, reason, state == MachineReportState.Ready ? access : null, use is { } used ? new MachineUse(used, noon) : null, MachineMeters.None);
    }
}
