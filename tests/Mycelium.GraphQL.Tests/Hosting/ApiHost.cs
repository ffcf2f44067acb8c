using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GridStandIn;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Demo;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>
/// One service and database for all tests of this project, with a market of the nodes of two grids. A test that changes a node creates its own:
/// such nodes belong to farms that the stand-ins do not know.
/// </summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Password = "Correct-Horse-1";
    public const long OwnFarm = 900_000;

    /// <summary>The number of nodes on the grid <c>test</c>, including the three real ones.</summary>
    public const int TestNodes = 20;
    private const long OwnTwin = 900_001;
    private readonly List<Api> clients = [];
    private StandInServer main = null!;
    private StandInServer test = null!;
    private long lastNode = 1_000_000;
    private int names;

    private Replica? entityFramework;

    /// <summary>Connects as the owner of the tables: for a test's own statements, and for migrations. Replicas use the application's role.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connections with <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>A second replica, which reads everything through Entity Framework.</summary>
    public Replica EntityFramework => entityFramework ??= StartReplica(("Postgres:DirectReading", "false"));

    public Replica Replica { get; private set; } = null!;
    public Api Anyone { get; private set; } = null!;
    public Api Operator { get; private set; } = null!;

    /// <summary>The owner of all farms.</summary>
    public Api Farmer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await (await PostgresServer.Shared).CreateDatabaseAsync();
        Database = NpgsqlDataSource.Create(ConnectionString);
        main = await StandInServer.StartAsync(new StandInOptions { Nodes = 90, Farms = 9 });
        test = await StandInServer.StartAsync(new StandInOptions { Nodes = TestNodes, Farms = 3, Seed = 2 });
        Replica = new Replica(ConnectionString, main.BaseAddress, test.BaseAddress);
        Anyone = Client();
        Operator = await AccountAsync(Roles.Operator);
        Farmer = await AccountAsync(); // Becomes a farmer through its twin, which is linked below.
        await AddOwnFarmsAsync();
        await Eventually.HoldsAsync(
            async () => (await Replica.Get<SyncStatus>().ReadAsync(default)).All(grid => grid.LastCompletedAt is not null),
            "a pass over each grid", TimeSpan.FromSeconds(60));
        foreach (string grid in (string[])["main", "test"])
            await ActivatorUtilities.CreateInstance<OpenDemoMarket>(Replica.Services).Execute(await AccountIdAsync(Farmer), grid, default);
    }

    public async Task DisposeAsync()
    {
        foreach (Api client in clients)
            client.Dispose();
        if (entityFramework is not null)
            await entityFramework.DisposeAsync();
        await Replica.DisposeAsync();
        await Database.DisposeAsync();
        await main.DisposeAsync();
        await test.DisposeAsync();
    }

    /// <summary>Starts another replica on the same database and grids.</summary>
    public Replica StartReplica(params (string Name, string Value)[] settings) => new(ConnectionString, main.BaseAddress, test.BaseAddress, settings);

    /// <summary>Starts another replica with some services replaced.</summary>
    public Replica StartReplica(Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        var replica = new Replica(ConnectionString, main.BaseAddress, test.BaseAddress, configure, settings);
        replica.WaitUntilReady();
        return replica;
    }

    public Api Client(string? token = null, Uri? address = null)
    {
        var client = new Api(address ?? Replica.Address, token);
        clients.Add(client);
        return client;
    }

    /// <summary>Creates an account, signed in, with this many dollars in the wallet.</summary>
    public async Task<Api> RenterAsync(decimal dollars = 100)
    {
        Api renter = await AccountAsync();
        if (dollars > 0)
        {
            JsonElement deposited = await Operator.MutateAsync(
                "depositFunds", new { accountId = await GlobalIdAsync(renter), amount = dollars, idempotencyKey = NewKey() });
            Refusal.AssertNone("FundsDeposited", deposited);
        }
        return renter;
    }

    public string NewKey() => string.Create(CultureInfo.InvariantCulture, $"test-key-{Interlocked.Increment(ref names)}");

    public string NewEmail() => string.Create(CultureInfo.InvariantCulture, $"somebody-{Interlocked.Increment(ref names)}@example.org");

    public static async Task<string> GlobalIdAsync(Api account) => (await account.DataAsync("{ me { id } }")).GetProperty("me").GetProperty("id").GetString()!;

    /// <summary>Adds a node that its grid has just reported and that is not registered; returns its number on the grid.</summary>
    public async Task<long> DiscoverAsync(int slices = 8, NodePlace? place = null)
    {
        long gridId = Interlocked.Increment(ref lastNode);
        await DiscoverAsync(GridName.Main, gridId, slices, place);
        return gridId;
    }

    public async Task DiscoverAsync(string grid, long gridId, int slices = 8, NodePlace? place = null)
    {
        GridNumber number = await NumberOfAsync(grid);
        await using MyceliumDb db = Write();
        db.Add(GridNode.Discover(A.Observation(gridId, slices) with
        {
            Id = NodeId.Of(number, gridId),
            FarmId = FarmId.Of(number, OwnFarm),
            Grid = grid,
            Place = place ?? A.Observation().Place,
        }));
        await db.SaveChangesAsync();
    }

    public async Task<GridNumber> NumberOfAsync(string grid) => (await Replica.Get<GridDirectory>().FindAsync(grid, default))!.Number;

    public async Task<long> RegisterAsync(int slices = 8, decimal pricePerSlice = 0.015m, NodePlace? place = null)
    {
        long gridId = await DiscoverAsync(slices, place);
        Refusal.AssertNone(
            "NodeRegistered", await Farmer.MutateAsync("registerNode", new { gridId, pricePerSliceHour = pricePerSlice, idempotencyKey = NewKey() }));
        return gridId;
    }

    /// <summary>Adds a node for rent.</summary>
    public async Task<long> PublishAsync(int slices = 8, decimal pricePerSlice = 0.015m)
    {
        long gridId = await RegisterAsync(slices, pricePerSlice);
        Refusal.AssertNone("NodePublished", await Farmer.MutateAsync("publishNode", new { nodeId = ApiHost.Node(gridId) }));
        return gridId;
    }

    /// <summary>Every change so far has its number: a snapshot from now on has a cursor that its client can resume from.</summary>
    public Task NumberedAsync() =>
        Eventually.HoldsAsync(async () => await ScalarAsync("SELECT EXISTS (SELECT FROM events_waiting)") is false, "all events numbered");

    /// <summary>Runs a statement directly on the database, for changes that no operation makes.</summary>
    public async Task SqlAsync(string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Database.CreateCommand(sql);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns the only value that a statement reads.</summary>
    public async Task<object?> ScalarAsync(string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = Replica.Get<NpgsqlDataSource>().CreateCommand(sql);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The ID of a node of the grid <c>main</c>.</summary>
    public static string Node(long gridId) => GlobalId.Encode("GridNode", gridId);

    public static string Combination(long gridId, int multiplier = 1) => GlobalId.Encode("SliceCombination", (gridId * 1_024) + multiplier);

    private async Task<Api> AccountAsync(string? role = null)
    {
        JsonElement tokens = await SignUpAsync(NewEmail(), Password, role);
        return Client(tokens.GetProperty("accessToken").GetString());
    }

    /// <summary>Creates an account and returns its tokens.</summary>
    public async Task<JsonElement> SignUpAsync(string email, string password, string? role = null)
    {
        string refusal = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                // The first sign-up of a process may take longer than the request deadline on a busy machine.
                using HttpResponseMessage registered = await Anyone.PostAsync("/account/register", new { email, password });
                refusal = await registered.Content.ReadAsStringAsync();
                return registered.IsSuccessStatusCode || registered.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable;
            },
            "a sign-up is answered", TimeSpan.FromMinutes(1));
        Assert.Equal("", refusal);
        if (role is not null)
            await SqlAsync(
                "INSERT INTO account_roles (user_id, role_id) SELECT accounts.id, roles.id FROM accounts, roles WHERE email = $1 AND roles.name = $2",
                email, role);
        using HttpResponseMessage signedIn = await Anyone.PostAsync("/account/login", new { email, password });
        Assert.True(signedIn.IsSuccessStatusCode, await signedIn.Content.ReadAsStringAsync());
        return await signedIn.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<AccountId> AccountIdAsync(Api account) =>
        GlobalId.TryDecode(await GlobalIdAsync(account), out _, out string id) ? new AccountId(Guid.Parse(id)) : throw new InvalidOperationException("No id.");

    /// <summary>For rows that a test writes directly: only the owner may write them.</summary>
    private MyceliumDb Write() => new(new DbContextOptionsBuilder<MyceliumDb>().UseNpgsql(Database).Options);

    /// <summary>Adds a farm that its grid has just reported.</summary>
    public async Task AddFarmAsync(string grid, long number, long twin)
    {
        await using MyceliumDb db = Write();
        db.Add(new Farm(
            new FarmObservation(FarmId.Of(await NumberOfAsync(grid), number), "Test farm", twin, FarmCertification.Gold, false, 0, 0, null, A.Noon, grid)));
        await db.SaveChangesAsync();
    }

    private async Task AddOwnFarmsAsync()
    {
        foreach (string grid in (string[])["main", "test"])
        {
            await AddFarmAsync(grid, OwnFarm, OwnTwin);
            JsonElement linked = await Operator.MutateAsync("linkFarmerTwin", new { grid, twinId = OwnTwin, accountId = await GlobalIdAsync(Farmer) });
            Refusal.AssertNone("FarmerTwinLinked", linked);
        }
    }
}

/// <summary>Tests of one host run one after the other, so that a test can count statements or compare pages undisturbed.</summary>
[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiHost>
{
    public const string Name = "api";
}

/// <summary>For tests that read a counter of the whole process: nothing else runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection : ICollectionFixture<ApiHost>
{
    public const string Name = "alone";
}
