using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>What the client sends to a provisioner, and what it believes of the answers.</summary>
public sealed class ProvisionerClientTests : IAsyncLifetime
{
    private static readonly ImageId image = ImageId.Parse("ubuntu-24.04");
    private StandInServer grid = null!;

    public async Task InitializeAsync() => grid = await Rig.StartGridAsync(machines: 3);

    public async Task DisposeAsync() => await grid.DisposeAsync();

    [Fact]
    public async Task A_renter_logs_in_with_ssh_and_the_host_key_that_the_provisioner_reported()
    {
        using ProvisionerClient client = Rig.Client(grid);
        using Ssh ssh = await Ssh.CreateAsync();
        using Ssh stranger = await Ssh.CreateAsync();
        Machine machine = Want(ssh.PublicKey, slices: 3);

        MachineAccess access = (await ReadyAsync(client, machine)).Access!;

        string said = await ssh.RunAsync(access, "echo $IMAGE $SLICES $RENTAL && pwd && env | wc -l");
        Assert.StartsWith($"ubuntu-24.04 3 {machine.RentalId}", said, StringComparison.Ordinal);
        Assert.Contains("/home\n", said, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", access.Host);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stranger.RunAsync(access, "true"));
    }

    [Fact]
    public async Task A_machine_in_the_place_of_another_does_not_pass_the_check_of_its_host_key()
    {
        using ProvisionerClient client = Rig.Client(grid);
        using Ssh ssh = await Ssh.CreateAsync();
        Machine machine = Want(ssh.PublicKey);
        await ReadyAsync(client, machine);
        grid.Faults.Add(new Fault { Path = "/provisioner", Provisioner = "wrong-host-keys" });

        MachineAccess access = (await client.FindAsync(machine.RentalId, default))!.Access!;

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ssh.RunAsync(access, "true"));
        Assert.Contains("Host key verification failed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Said_again_an_order_changes_nothing_and_an_older_one_is_refused_with_what_there_is()
    {
        using ProvisionerClient client = Rig.Client(grid);
        Machine machine = Want();
        MachineReport ready = await ReadyAsync(client, machine);

        MachineReport again = await client.PutAsync(machine, image, default);
        MachineReport removed = (await client.DeleteAsync(machine.RentalId, 5, default))!;
        MachineReport late = await client.PutAsync(machine, image, default);

        Assert.Equal((ready.State, ready.Access!.Port), (again.State, again.Access!.Port));
        Assert.Equal((5, MachineReportState.Gone), (removed.Version, removed.State));
        Assert.Equal((5, MachineReportState.Gone), (late.Version, late.State));
        Assert.Equal(0, grid.Machines.RunningCount);
    }

    [Fact]
    public async Task What_was_deleted_before_it_was_known_stays_deleted_for_orders_that_were_delayed()
    {
        using ProvisionerClient client = Rig.Client(grid);
        Machine machine = Want();

        Assert.Null(await client.DeleteAsync(machine.RentalId, 2, default));
        MachineReport late = await client.PutAsync(machine, image, default);

        Assert.Equal((2, MachineReportState.Gone), (late.Version, late.State));
        Assert.Null(await client.FindAsync(machine.RentalId, default));
    }

    [Fact]
    public async Task A_list_comes_in_pages_and_leaves_out_what_is_gone()
    {
        using ProvisionerClient client = Rig.Client(grid);
        Machine one = Want(), other = Want();
        await client.PutAsync(one, image, default);
        await client.PutAsync(other, image, default);
        await client.DeleteAsync(other.RentalId, 2, default);

        MachinePage page = await client.ListAsync(after: null, default);

        Assert.Equal([one.RentalId], page.Machines.Select(machine => machine.Id));
        Assert.Equal((0, null), (page.UnreadCount, page.Next));
    }

    [Fact]
    public async Task An_order_for_a_name_that_comes_late_is_no_failure() // That it changes nothing, NameTests show.
    {
        using ProvisionerClient client = Rig.Client(grid);
        RentalId rental = RentalId.New(A.Noon);

        await client.PutRouteAsync("my-site", rental, 1, default);
        await client.PutRouteAsync("my-site", rental, 1, default);
        await client.DeleteRouteAsync("my-site", 2, default);

        await client.PutRouteAsync("my-site", rental, 1, default);
        await client.DeleteRouteAsync("my-site", 1, default);
    }

    [Fact]
    public async Task Images_are_listed_the_default_first()
    {
        using ProvisionerClient client = Rig.Client(grid);

        IReadOnlyList<MachineImage> images = await client.ImagesAsync(default);

        Assert.Equal(["ubuntu-24.04", "debian-12", "alpine-3.20"], images.Select(one => one.Id.Value));
        Assert.Equal("Ubuntu 24.04 LTS", images[0].Name);
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        using ProvisionerClient client = Rig.Client(grid);

        ProvisionerRefusedException refused = await Assert.ThrowsAsync<ProvisionerRefusedException>(
            () => client.PutAsync(Want(), ImageId.Parse("windows-95"), default));

        Assert.Equal("there is no such image", refused.Message);
    }

    [Theory]
    [InlineData("unsigned")]
    [InlineData("wrong-signature")]
    [InlineData("late")]
    public async Task An_answer_that_the_provisioner_did_not_sign_now_is_not_read(string fault)
    {
        using ProvisionerClient client = Rig.Client(grid);
        grid.Faults.Add(new Fault { Path = "/provisioner", Provisioner = fault });

        ProvisionerException failure = await Assert.ThrowsAsync<ProvisionerException>(() => client.ImagesAsync(default));

        Assert.Equal(ProvisionerFailure.NotSigned, failure.Failure);
    }

    [Fact]
    public async Task A_request_with_another_secret_is_not_accepted()
    {
        using ProvisionerClient client = Rig.Client(grid, secret: "another-secret-of-at-least-32-characters");

        ProvisionerException failure = await Assert.ThrowsAsync<ProvisionerException>(() => client.ImagesAsync(default));

        Assert.Equal(ProvisionerFailure.NotAccepted, failure.Failure);
    }

    [Theory]
    [InlineData("bad-host-keys", "hostKeys")]
    [InlineData("bad-host", "host")]
    public async Task Access_details_that_a_shell_would_run_are_not_believed_and_not_repeated(string fault, string field)
    {
        using ProvisionerClient client = Rig.Client(grid);
        Machine machine = Want();
        await ReadyAsync(client, machine);
        grid.Faults.Add(new Fault { Path = "/provisioner", Provisioner = fault });

        ProvisionerException failure = await Assert.ThrowsAsync<ProvisionerException>(() => client.FindAsync(machine.RentalId, default));
        MachinePage page = await client.ListAsync(after: null, default);

        Assert.Equal(ProvisionerFailure.NotUnderstood, failure.Failure);
        Assert.Contains(field, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("id", failure.Message.Replace(field, "", StringComparison.Ordinal).Split(' '));
        Assert.Equal((0, 1), (page.Machines.Count, page.UnreadCount));
    }

    [Theory]
    [InlineData(500, ProvisionerFailure.Unavailable)]
    [InlineData(429, ProvisionerFailure.Unavailable)]
    [InlineData(404, ProvisionerFailure.NotSigned)]
    [InlineData(200, ProvisionerFailure.NotSigned)]
    public async Task An_answer_from_somebody_in_between_is_no_answer(int status, ProvisionerFailure expected)
    {
        using ProvisionerClient client = Rig.Client(grid);
        grid.Faults.Add(new Fault { Path = "/provisioner", Status = status });

        ProvisionerException failure = await Assert.ThrowsAsync<ProvisionerException>(() => client.FindAsync(RentalId.New(A.Noon), default));

        Assert.Equal(expected, failure.Failure);
    }

    [Fact]
    public async Task A_provisioner_that_is_slow_or_gone_is_left_alone_after_a_while()
    {
        using ProvisionerClient client = Rig.Client(
            grid, change: options => (options.RequestTimeout, options.BreakerRequestsMin) = (TimeSpan.FromMilliseconds(200), 3));
        grid.Faults.Add(new Fault { Path = "/provisioner", DelayMs = 60_000 });

        var failures = new List<ProvisionerFailure>();
        for (int attempt = 0; attempt < 4; attempt++)
            failures.Add((await Assert.ThrowsAsync<ProvisionerException>(() => client.ImagesAsync(default))).Failure);

        Assert.Equal(
            [ProvisionerFailure.TimedOut, ProvisionerFailure.TimedOut, ProvisionerFailure.TimedOut, ProvisionerFailure.LeftAlone], failures);
    }

    private static Machine Want(string? key = null, int slices = 1) =>
        Machine.Want(RentalId.New(TimeProvider.System.GetUtcNow()), new NodeId(7), slices, image, key ?? A.SshKey.Text, A.Noon);

    private static Task<MachineReport> ReadyAsync(ProvisionerClient client, Machine machine) => Eventually.GetAsync(
        async () => await client.PutAsync(machine, image, default) is { State: MachineReportState.Ready } ready ? ready : null, "a machine that is ready");
}
