using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Grids that go wrong on demand, a database of their own, and the sync between them.</summary>
internal sealed class SyncRig : IAsyncDisposable
{
    private readonly List<IDisposable> owned = [];
    private readonly Replica replica;

    private SyncRig(StandInServer grid, Replica replica) => (Grid, this.replica) = (grid, replica);

    public static AccountId Operator { get; } = new(new Guid("bbbbbbbb-0000-7000-8000-000000000000"));

    public StandInServer Grid { get; }

    /// <summary>As the application's role; a test's own statements run as the owner.</summary>
    public NpgsqlDataSource Database => replica.Database;

    /// <summary>The main grid's.</summary>
    public GridSync Sync { get; private set; } = null!;
    public GridDirectory Directory => replica.Get<GridDirectory>();

    /// <summary>As on another replica, which remembers nothing yet.</summary>
    public GridDirectory NewDirectory() => new(Database, replica.Get<Restores>());

    public FaultBoard Faults => Grid.Faults;

    /// <param name="nodes">Nodes of each grid.</param>
    /// <param name="farms">Farms of each grid.</param>
    /// <param name="grids">Grids with the same fleet, not counting the main one.</param>
    /// <param name="change">Changes settings of the main grid's sync.</param>
    public static async Task<SyncRig> StartAsync(int nodes = 60, int farms = 6, int grids = 0, Action<GridOptions>? change = null)
    {
        StandInServer grid = await StandInServer.StartAsync(new StandInOptions { Nodes = nodes, Farms = farms, Grids = grids });
        var rig = new SyncRig(grid, new Replica(await TestDatabase.CreateAsync()));
        rig.Sync = rig.SyncOf(change);
        return rig;
    }

    /// <summary>The sync of one more replica for the main grid, on the same grid and database.</summary>
    public GridSync SyncOf(Action<GridOptions>? change = null) => SyncsOf(change, new KeyValuePair<string, Uri>(GridName.Main, Grid.BaseAddress)).All[0];

    /// <summary>The sync of one of the other grids, named <c>test</c>.</summary>
    public GridSync TestSync() => SyncsOf(null, new KeyValuePair<string, Uri>("test", Grid.GridAddress(1))).All[0];

    /// <summary>What one more replica reads.</summary>
    public GridSyncs SyncsOf(Action<GridOptions>? change, params KeyValuePair<string, Uri>[] grids)
    {
        var settings = new GridOptions { PageSize = 20, RetryCountMax = 1, RetryDelay = TimeSpan.FromMilliseconds(1), BreakerRequestsMin = 1_000 };
        change?.Invoke(settings);
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(grids.Select(grid => new KeyValuePair<string, string?>($"Grids:{grid.Key}:BaseUrl", grid.Value.ToString())))
            .Build();
        var syncs = new GridSyncs(
            GridAddresses.Read(configuration, allowsHttp: false), Options.Create(settings), TimeProvider.System, replica.Get<IServiceProvider>());
        owned.Add(syncs);
        return syncs;
    }

    public async Task<SyncState> StateAsync(string grid = GridName.Main) =>
        (await replica.Get<SyncStatus>().ReadAsync(CancellationToken.None)).Single(state => state.Grid == grid);

    public Task<SyncReport> PassAsync() => Sync.RunAsync(TimeSpan.Zero, CancellationToken.None);

    /// <summary>As an operator of this database would.</summary>
    public async Task<IConfirmGridShrinkResult> ConfirmShrinkAsync(int remaining)
    {
        await RunAsync($"INSERT INTO accounts (id, user_name) VALUES ('{Operator.Value}', 'operator') ON CONFLICT DO NOTHING");
        return await replica.Get<ConfirmGridShrink>().Execute(Operator, GridIdentity.Main, remaining, CancellationToken.None);
    }

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using NpgsqlCommand command = replica.Owner.CreateCommand(sql);
        return (T)Convert.ChangeType(await command.ExecuteScalarAsync(), typeof(T), CultureInfo.InvariantCulture)!;
    }

    public async Task RunAsync(string sql)
    {
        await using NpgsqlCommand command = replica.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Changes when any row of these tables was written, even with the same values.</summary>
    public Task<string> FingerprintAsync() => ReadAsync<string>(
        """
        SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
            SELECT 'n' || id || ':' || ctid || xmin AS line FROM nodes
            UNION ALL SELECT 'f' || id || ':' || ctid || xmin FROM farms
            UNION ALL SELECT 'c' || id || ':' || ctid || xmin FROM slice_combinations
            UNION ALL SELECT 'u' || node_id || '/' || slot || ':' || ctid || xmin FROM uptime_samples
            UNION ALL SELECT 'e' || id || ':' || ctid || xmin FROM events) AS rows
        """);

    /// <summary>A farmer with a published node of so many rented slices, by SQL.</summary>
    public Task RentAsync(int nodeId, int slices) => RunAsync(string.Create(CultureInfo.InvariantCulture,
        $"""
        INSERT INTO accounts (id, user_name) VALUES ('aaaaaaaa-0000-7000-8000-000000000000', 'farmer') ON CONFLICT DO NOTHING;
        INSERT INTO farmer_twins (grid_number, twin_id, account_id)
        SELECT farms.grid_number, farms.twin_id, 'aaaaaaaa-0000-7000-8000-000000000000' FROM farms JOIN nodes ON farm_id = farms.id WHERE nodes.id = {nodeId}
            ON CONFLICT DO NOTHING;
        UPDATE nodes SET farmer_id = 'aaaaaaaa-0000-7000-8000-000000000000', is_published = true, price_per_slice = 15000, version = version + 1
            WHERE id = {nodeId};
        SET session_replication_role = replica; -- As if they were rented: rentals themselves do not matter to a pass.
        UPDATE nodes SET allocated_slices = {slices}, version = version + 1 WHERE id = {nodeId};
        RESET session_replication_role;
        """));

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable one in owned)
            one.Dispose();
        await replica.DisposeAsync();
        await Grid.DisposeAsync();
    }
}
