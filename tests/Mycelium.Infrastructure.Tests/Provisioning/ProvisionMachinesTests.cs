using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>From a rental to a machine and back, over HTTP, with a provisioner and replicas that fail at every step.</summary>
public sealed class ProvisionMachinesTests
{
    private static readonly TimeSpan aTick = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_rental_begins_when_its_machine_is_ready_and_its_renter_learns_how_to_reach_it()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync(slices: 2);
        Assert.Equal(MachineState.Creating, (await rig.MachineAsync(rental)).State);

        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal("Active", await rig.StatusAsync(rental));
        Assert.Equal(("ubuntu-24.04", 1, 0), (machine.Image, machine.Version, machine.Tries));
        Assert.Equal((2, 8L << 30, 400L << 30), (machine.UsedCores, machine.UsedMemoryBytes, machine.UsedSsdBytes));
        Assert.NotNull(machine.DeployedAt);
        MachineAccess access = (await rig.AccessAsync(rental))!;
        Assert.StartsWith("ssh-ed25519 ", Assert.Single(access.HostKeys), StringComparison.Ordinal);
        Assert.Equal(1, rig.Grid.Machines.RunningCount);
    }

    [Fact]
    public async Task What_is_stored_says_nothing_without_the_keys_and_nothing_at_another_rental()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        MachineAccess access = (await rig.AccessAsync(rental))!;

        byte[] stored = await rig.Market.ScalarAsync<byte[]>("SELECT access FROM machines");

        string text = System.Text.Encoding.Latin1.GetString(stored);
        Assert.DoesNotContain(access.HostKeys[0].Split(' ')[1], text, StringComparison.Ordinal);
        Assert.DoesNotContain(access.Host, text, StringComparison.Ordinal);
        MachineSeal seal = rig.Market.Replica.Get<MachineSeal>();
        Assert.Equal(access.Port, seal.Open(rental.Id, stored).Port);
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => seal.Open(RentalId.New(A.Noon), stored));
    }

    [Fact]
    public async Task A_rental_whose_machine_is_never_ready_fails_at_the_instant_its_time_is_up_and_not_before()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync(slices: 3);
        rig.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = "never-ready" });

        await rig.Market.PassAsync(Machine.ReadyWithin - TimeSpan.FromMinutes(1));
        await rig.HurryAsync();
        await rig.ProvisionAsync();
        Assert.Equal("Provisioning", await rig.StatusAsync(rental));
        await rig.Market.PassAsync(Machine.ReadyWithin + aTick);
        await rig.HurryAsync();
        await rig.ProvisionAsync();

        Assert.Equal("Failed", await rig.StatusAsync(rental));
        Assert.Equal(8, await rig.Market.ScalarAsync<int>("SELECT free_slices FROM nodes"));
        Assert.Equal("ProvisioningFailed", await rig.Market.ScalarAsync<string>("SELECT end_reason FROM rentals"));
        rig.Faults.Clear();
        await rig.ProvisionUntilAsync(rental, MachineState.Gone);
        Assert.Equal(0, rig.Grid.Machines.RunningCount);
    }

    [Theory]
    [InlineData("bad-host-keys")]
    [InlineData("wrong-signature")]
    [InlineData("unsigned")]
    [InlineData("fails")]
    public async Task A_provisioner_that_cannot_be_believed_is_asked_again_until_it_can(string fault)
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        rig.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = fault });
        await Eventually.HoldsAsync(
            async () =>
            {
                await rig.HurryAsync();
                await rig.ProvisionAsync();
                return (await rig.MachineAsync(rental)).Tries >= 3;
            },
            "three tries");
        Assert.Equal("Provisioning", await rig.StatusAsync(rental));
        Assert.Null(await rig.AccessAsync(rental));

        rig.Faults.Clear();
        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal("Active", await rig.StatusAsync(rental));
        Assert.Equal(fault == "fails", machine.Version > 1); // After a failure it is made again.
        Assert.Equal((0, null), (machine.Tries, machine.Reason));
        Assert.Equal(1, rig.Grid.Machines.RunningCount);
    }

    [Fact]
    public async Task The_reason_of_a_provisioner_is_kept_for_the_renter()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        rig.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = "fails" });

        await rig.ProvisionAsync();
        await rig.Market.PassAsync(Machine.ReadyWithin + aTick);
        await rig.HurryAsync();
        await rig.ProvisionAsync();

        Assert.Equal("Failed", await rig.StatusAsync(rental));
        Assert.Equal("The disk image could not be fetched.", (await rig.MachineAsync(rental)).Reason);
    }

    [Fact]
    public async Task No_log_names_a_secret_an_address_or_a_key()
    {
        using var kept = new KeptLog();
        await using Rig rig = await Rig.StartAsync(services => services.AddLogging(logging => logging.AddProvider(kept).SetMinimumLevel(LogLevel.Trace)));
        Rental rental = await rig.RentAsync();
        await rig.ProvisionAsync();
        await Eventually.HoldsAsync(() => rig.Grid.Machines.RunningCount == 1, "a machine to lie about");
        foreach (string fault in (string[])["bad-host-keys", "bad-host", "wrong-signature", "fails"])
        {
            rig.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = fault });
            await rig.HurryAsync();
            await rig.ProvisionAsync();
            rig.Faults.Clear();
        }
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        MachineAccess access = (await rig.AccessAsync(rental))!;

        string log = kept.Text;

        Assert.Contains(rental.Id.ToString(), log, StringComparison.Ordinal);
        Assert.Contains("hostKeys", log, StringComparison.Ordinal); // Which field was not believed.
        Assert.DoesNotContain(Rig.Secret, log, StringComparison.Ordinal);
        Assert.DoesNotContain("ssh-ed25519", log, StringComparison.Ordinal);
        Assert.DoesNotContain("ProxyCommand", log, StringComparison.Ordinal);
        Assert.DoesNotContain($":{access.Port}", log, StringComparison.Ordinal);
        Assert.DoesNotContain("The disk image could not be fetched.", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_fails_costs_itself_alone()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental failing = await rig.RentAsync();
        Rental other = await rig.Market.RentedAsync(rig.Market.Request(failing.RenterId, failing.NodeId));
        rig.Faults.Add(new Fault { Path = $"/provisioner/machines/{failing.Id}", Status = 500 });

        Machine ready = await rig.ProvisionUntilAsync(other, MachineState.Ready);

        Assert.Equal(MachineState.Ready, ready.State);
        Assert.Equal(MachineState.Creating, (await rig.MachineAsync(failing)).State);
    }

    /// <summary>The writes that follow a request, each lost as when the replica dies before it: a trigger refuses it.</summary>
    [Theory]
    [InlineData("machines", "NEW.state = 'Creating' AND NEW.tries > OLD.tries")] // After an order was sent.
    [InlineData("machines", "NEW.state = 'Ready' AND OLD.state <> 'Ready'")] // After the provisioner said that it is ready.
    [InlineData("rentals", "NEW.status = 'Active'")] // After that was written, and before the rental began.
    [InlineData("machines", "NEW.state = 'Ready' AND OLD.state = 'Ready' AND OLD.claim = NEW.claim")] // After the rental began.
    [InlineData("machines", "NEW.state = 'Gone'")] // After the machine was deleted.
    public async Task A_replica_that_dies_between_two_steps_leaves_the_rest_to_the_next(string table, string write)
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        await rig.Market.SqlAsync(
            $"""
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the replica has died'; END $$;
            CREATE TRIGGER die BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({write}) EXECUTE FUNCTION die()
            """);
        for (int pass = 0; pass < 4; pass++)
        {
            await rig.HurryAsync();
            await rig.ProvisionAsync();
        }

        await rig.Market.SqlAsync($"DROP TRIGGER die ON {table}");
        Replica next = rig.Market.AddReplica(settings: rig.Settings);
        await rig.HurryAsync();
        await rig.ProvisionAsync(next);
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        Assert.Equal("Active", await rig.StatusAsync(rental));
        Assert.NotNull(await rig.AccessAsync(rental));
        Assert.Equal(1, rig.Grid.Machines.RunningCount);

        if (write.Contains("Gone", StringComparison.Ordinal))
            await rig.Market.SqlAsync($"CREATE TRIGGER die BEFORE UPDATE ON machines FOR EACH ROW WHEN ({write}) EXECUTE FUNCTION die()");
        await rig.Market.CancelAsync(rental);
        await rig.ProvisionAsync();
        if (write.Contains("Gone", StringComparison.Ordinal))
            await rig.Market.SqlAsync("DROP TRIGGER die ON machines");
        await rig.ProvisionUntilAsync(rental, MachineState.Gone);
        Assert.Equal(0, rig.Grid.Machines.RunningCount);
    }

    [Fact]
    public async Task A_machine_that_a_dead_replica_took_is_taken_over_when_its_lease_is_over_and_the_dead_one_writes_nothing()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        TakenMachine dead = Assert.Single(await rig.Market.Replica.Database.TakeMachinesAsync("main", 8, TimeSpan.FromMinutes(2), default));

        Assert.Equal(0, await rig.ProvisionAsync()); // Nobody takes what is being worked on.
        await rig.Market.PassAsync(TimeSpan.FromMinutes(2) + aTick);
        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        dead.Machine.GiveUp();

        Assert.False(await rig.Market.Replica.Database.WriteMachineAsync(dead.Machine, TimeSpan.Zero, null, default));
        Assert.Equal(machine.Version, (await rig.MachineAsync(rental)).Version);
        Assert.Equal(MachineState.Ready, (await rig.MachineAsync(rental)).State);
    }

    [Fact]
    public async Task A_rental_that_ends_while_its_machine_is_ordered_leaves_no_machine()
    {
        await using Rig rig = await Rig.StartAsync();
        AccountId renter = await rig.Market.AccountAsync("100");
        Rental rental = await rig.Market.RentedAsync(rig.Market.Request(renter, await rig.Market.PublishAsync()));
        rig.Faults.Add(new Fault { Path = "/provisioner/machines", DelayMs = 1_500, Requests = 1 });
        int before = rig.Faults.RequestCount;

        Task<int> ordering = rig.ProvisionAsync();
        await Eventually.HoldsAsync(() => rig.Faults.RequestCount > before + 1, "the order on its way"); // After the list of images.
        Assert.IsType<RentalCancelled>(await rig.Market.CancelAsync(rental));
        Machine ended = await rig.MachineAsync(rental);
        await rig.ProvisionUntilAsync(rental, MachineState.Gone);
        await ordering;

        Assert.Equal((MachineState.Deleting, 2), (ended.State, ended.Version));
        Assert.Equal(MachineState.Gone, (await rig.MachineAsync(rental)).State);
        Assert.Equal(0, rig.Grid.Machines.RunningCount);
        await rig.Market.CheckAsync();
    }

    [Fact]
    public async Task Replicas_that_work_at_once_share_the_machines()
    {
        await using Rig rig = await Rig.StartAsync();
        Replica other = rig.Market.AddReplica(settings: rig.Settings);
        AccountId renter = await rig.Market.AccountAsync("100");
        NodeId node = await rig.Market.PublishAsync();
        for (int count = 0; count < 6; count++)
            await rig.Market.RentedAsync(rig.Market.Request(renter, node));

        int[] worked = await Task.WhenAll(new[] { rig.Market.Replica, other }.Select(replica => Task.Run(() => rig.ProvisionAsync(replica))));
        await Eventually.HoldsAsync(
            async () =>
            {
                await rig.HurryAsync();
                await Task.WhenAll(rig.ProvisionAsync(), rig.ProvisionAsync(other));
                return await rig.Market.ScalarAsync<long>("SELECT count(*) FROM machines WHERE state = 'Ready'") == 6;
            },
            "six machines");

        Assert.True(worked.Sum() >= 6);
        Assert.Equal(6, rig.Grid.Machines.RunningCount);
        Assert.Equal(6L, await rig.Market.ScalarAsync<long>("SELECT count(*) FROM machines WHERE version = 1"));
    }

    [Fact]
    public async Task A_machine_that_its_provisioner_forgot_is_made_anew()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        await rig.Grid.Machines.ForgetAsync(rental.Id.Value);
        await rig.HurryAsync();
        await rig.ProvisionAsync();
        Assert.Equal((MachineState.Creating, 2), ((await rig.MachineAsync(rental)).State, (await rig.MachineAsync(rental)).Version));
        Assert.Null(await rig.AccessAsync(rental));

        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal(2, machine.Version);
        Assert.Equal(1, rig.Grid.Machines.RunningCount);
    }

    [Fact]
    public async Task A_provisioner_that_knows_more_than_a_restored_database_is_told_again()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        using ProvisionerClient client = Rig.Client(rig.Grid);
        await client.DeleteAsync(rental.Id, 7, default); // Of a time that the database has lost.
        await rig.HurryAsync();

        await rig.ProvisionAsync();
        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal(8, machine.Version);
        Assert.Equal(1, rig.Grid.Machines.RunningCount);
    }
}
