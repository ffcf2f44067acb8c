using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

public sealed class CompareMachinesTests
{
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_machine_without_a_rental_is_deleted_at_the_second_look()
    {
        await using Rig rig = await Rig.StartAsync();
        using ProvisionerClient client = Rig.Client(rig.Grid);
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        Machine stray = Machine.Want(RentalId.New(A.Noon), new NodeId(1), 1, null, A.SshKey.Text, A.Noon);
        await client.PutAsync(stray, ImageId.Parse("debian-12"), default);

        MachineComparison first = Assert.Single(await CompareAsync(rig));
        Assert.Empty(await CompareAsync(rig)); // Whichever replica asks: not again on the same day.
        await rig.Market.PassAsync(day);
        MachineComparison second = Assert.Single(await CompareAsync(rig));
        await rig.Market.PassAsync(day * 2);
        MachineComparison third = Assert.Single(await CompareAsync(rig));

        Assert.Equal((2, 1, 0), (first.ListedCount, first.StrayCount, first.DeletedCount));
        Assert.Equal((2, 1, 1), (second.ListedCount, second.StrayCount, second.DeletedCount));
        Assert.Equal((1, 0, 0), (third.ListedCount, third.StrayCount, third.MissingCount));
        Assert.Equal(0L, await rig.Market.ScalarAsync<long>("SELECT count(*) FROM stray_machines"));
        Assert.Equal(1, rig.Grid.Machines.RunningCount);
    }

    [Fact]
    public async Task A_rental_whose_machine_is_missing_gets_it_again()
    {
        await using Rig rig = await Rig.StartAsync(new KeyValuePair<string, string?>("Provisioning:StatusInterval", "30.00:00:00"));
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        await rig.Grid.Machines.ForgetAsync(rental.Id.Value);

        MachineComparison found = Assert.Single(await CompareAsync(rig));
        await rig.ProvisionAsync();
        Machine machine = await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal((0, 1, 0), (found.ListedCount, found.MissingCount, found.UnorderedCount));
        Assert.Equal(2, machine.Version);
    }

    [Fact]
    public async Task A_rental_from_a_time_without_a_provisioner_gets_a_machine()
    {
        await using Rig rig = await Rig.StartAsync();
        Rental rental = await rig.RentAsync();
        await rig.Market.SqlAsync("DELETE FROM machines");

        MachineComparison found = Assert.Single(await CompareAsync(rig));
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);

        Assert.Equal(1, found.UnorderedCount);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_proves_nothing_and_is_read_again_soon()
    {
        await using Rig rig = await Rig.StartAsync(new KeyValuePair<string, string?>("Provisioning:StatusInterval", "30.00:00:00"));
        Rental rental = await rig.RentAsync();
        await rig.ProvisionUntilAsync(rental, MachineState.Ready);
        rig.Faults.Add(new Fault { Path = "/provisioner/machines", Status = 503, Requests = 1 });
        Assert.Empty(await CompareAsync(rig));

        rig.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = "bad-host-keys", Requests = 1 });
        MachineComparison unread = Assert.Single(await CompareAsync(rig));

        Assert.Equal((0, 0, 0, 0), (unread.ListedCount, unread.StrayCount, unread.MissingCount, unread.DeletedCount));
    }

    private static Task<IReadOnlyList<MachineComparison>> CompareAsync(Rig rig, Replica? replica = null) =>
        (replica ?? rig.Market.Replica).Get<CompareMachines>().Execute(default);
}
