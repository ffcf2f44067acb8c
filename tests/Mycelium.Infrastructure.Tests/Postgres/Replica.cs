using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>One replica's infrastructure in a container of its own, without hosted services: what runs in the background, a test calls.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public Replica(string connectionString, Action<IServiceCollection>? configure = null, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        ConnectionString = connectionString;
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Postgres:ConnectionString", connectionString),
                new("Postgres:StatementTimeout", "00:00:20"), // Machines that run tests are slow, and several run at once.
                new("Postgres:LockTimeout", "00:00:15"),
                new("Postgres:IdleInTransactionTimeout", "00:00:20"),
                new("Postgres:CommandTimeout", "00:00:30"),
                new("Postgres:ConnectTimeout", "00:00:15"),
                new("Postgres:ProbeTimeout", "00:00:15"),
                new("Coordination:Mode", "InProcess"),
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
    public NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public AsyncServiceScope Scope() => services.CreateAsyncScope();

    public MyceliumDb Read() => Get<IDbContextFactory<MyceliumDb>>().CreateDbContext();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
