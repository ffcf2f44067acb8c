using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>A market with a grid whose provisioner goes wrong on demand, and whose machines are real SSH servers.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-32-characters-long";

    private Rig(StandInServer grid, TestMarket market) => (Grid, Market) = (grid, market);

    public static ProvisionerKey Key { get; } = new("mycelium", Encoding.UTF8.GetBytes(Secret));

    public StandInServer Grid { get; }

    public TestMarket Market { get; }

    public FaultBoard Faults => Grid.Faults;

    public static Task<StandInServer> StartGridAsync(TimeSpan machineDelay = default, int machines = 8) =>
        StandInServer.StartAsync(new StandInOptions { Nodes = 20, Farms = 3, ProvisionerSecret = Secret, MachineDelay = machineDelay, MachineMax = machines });

    public static ProvisionerClient Client(StandInServer grid, string secret = Secret, Action<ProvisioningOptions>? change = null)
    {
        var options = new ProvisioningOptions();
        change?.Invoke(options);
        return new(new ProvisionerAddress("main", grid.ProvisionerAddress, new ProvisionerKey("mycelium", Encoding.UTF8.GetBytes(secret))),
            options, TimeProvider.System);
    }

    public static Task<Rig> StartAsync(params KeyValuePair<string, string?>[] settings) => StartAsync(configure: null, settings);

    public static async Task<Rig> StartAsync(Action<IServiceCollection>? configure, params KeyValuePair<string, string?>[] settings)
    {
        StandInServer grid = await StartGridAsync();
        var rig = new Rig(grid, await TestMarket.OpenAsync(configure, settings: [.. SettingsOf(grid), .. settings]));
        await rig.Market.Replica.Get<KeyRing>().EnsureAsync(default);
        return rig;
    }

    /// <summary>Settings of one more replica.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => SettingsOf(Grid);

    /// <summary>A rental whose machine is not ready yet.</summary>
    public async Task<Rental> RentAsync(int slices = 2, int nodeSlices = 8)
    {
        AccountId renter = await Market.AccountAsync("100");
        NodeId node = await Market.PublishAsync(slices: nodeSlices);
        return await Market.RentedAsync(Market.Request(renter, node, quantity: slices, hours: 100));
    }

    public Task<int> ProvisionAsync(Replica? replica = null) => (replica ?? Market.Replica).Get<ProvisionMachines>().Execute(default);

    /// <summary>Works on what is due until the machine is in a state, moving the market's clock from one attempt to the next.</summary>
    public async Task<Machine> ProvisionUntilAsync(Rental rental, MachineState state) => await Eventually.GetAsync(
        async () =>
        {
            await HurryAsync();
            await ProvisionAsync();
            Machine machine = await MachineAsync(rental);
            return machine.State == state ? machine : null;
        },
        $"a machine that is {state}");

    /// <summary>As if the wait until the next attempt were over.</summary>
    public Task<int> HurryAsync() =>
        Market.SqlAsync("UPDATE machines SET next_try_at = market_now() - interval '1 second' WHERE next_try_at > market_now()");

    public async Task<Machine> MachineAsync(Rental rental) => Postgres.Rows.Machine(
        await Market.ScalarAsync<string>("SELECT (to_jsonb(machines) - 'access')::text FROM machines WHERE rental_id = $1", rental.Id.Value));

    public Task<string> StatusAsync(Rental rental) => Market.ScalarAsync<string>("SELECT status FROM rentals WHERE id = $1", rental.Id.Value);

    public async Task<MachineAccess?> AccessAsync(Rental rental) =>
        (await Market.Replica.Get<MachineReader>().ReadAsync([rental.Id], default))[rental.Id].Access;

    public async ValueTask DisposeAsync()
    {
        await Market.DisposeAsync();
        await Grid.DisposeAsync();
    }

    private static KeyValuePair<string, string?>[] SettingsOf(StandInServer grid) =>
    [
        new("Provisioners:main:BaseUrl", grid.ProvisionerAddress.ToString()),
        new("Provisioners:main:Secret", Secret),
        new("Provisioning:RetryDelay", "00:00:00.010"),
        new("Provisioning:BreakerRequestsMin", "1000"),
    ];
}
