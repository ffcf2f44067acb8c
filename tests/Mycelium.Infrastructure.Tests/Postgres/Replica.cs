using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>One replica's infrastructure in a container of its own, without hosted services: what runs in the background, a test calls.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly Lazy<NpgsqlDataSource> owner;

    /// <param name="connectionString">As the owner, who migrates. The replica works as the application's role.</param>
    /// <param name="configure">Replaces services.</param>
    /// <param name="settings">Settings.</param>
    public Replica(string connectionString, Action<IServiceCollection>? configure = null, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        ConnectionString = connectionString;
        owner = new(() => NpgsqlDataSource.Create(connectionString));
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Postgres:ConnectionString", PostgresServer.AsApplication(connectionString)),
                new("Postgres:MigratorConnectionString", connectionString),
                new("Postgres:StatementTimeout", "00:00:20"), // Machines that run tests are slow, and several run at once.
                new("Postgres:LockTimeout", "00:00:15"),
                new("Postgres:IdleInTransactionTimeout", "00:00:20"),
                new("Postgres:CommandTimeout", "00:00:30"),
                new("Postgres:ConnectTimeout", "00:00:15"),
                new("Postgres:ProbeTimeout", "00:00:15"),
                new("Coordination:Mode", "InProcess"),
                new("Provisioner", "None"),
                new("RentalLimits:ActiveSlices", "0"), // Few accounts rent much here.
                new("RentalLimits:RentalsPerHour", "0"),
                new("RentalLimits:CancellationsPerHour", "0"),
            ])
            .AddInMemoryCollection(settings)
            .Build();
        var collection = new ServiceCollection();
        collection.AddSingleton(configuration);
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        collection.AddMyceliumInfrastructure(configuration);
        configure?.Invoke(collection);
        services = collection.BuildServiceProvider(validateScopes: true);
    }

    public string ConnectionString { get; }

    /// <summary>As the application's role.</summary>
    public NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    /// <summary>As the owner, for what the application may not do.</summary>
    public NpgsqlDataSource Owner => owner.Value;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public AsyncServiceScope Scope() => services.CreateAsyncScope();

    public MyceliumDb Read() => Get<IDbContextFactory<MyceliumDb>>().CreateDbContext();

    /// <summary>For rows as a test wants them: entities are written by the owner alone.</summary>
    public MyceliumDb Write() => new(new DbContextOptionsBuilder<MyceliumDb>().UseNpgsql(Owner).Options);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (owner.IsValueCreated)
            await owner.Value.DisposeAsync();
    }
}
