using System.Buffers;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>A database of random ships, the same ships in memory, and a schema over both.</summary>
public sealed class Harbour : IAsyncLifetime
{
    public const int Seed = 20260131;
    public const int ShipCount = 120;

    /// <summary>How a database folds text: the one function that the engine requires of a store.</summary>
    public static string FoldingSql { get; } =
        RepositoryRoot.Combine("src", "Mycelium.Infrastructure", "Postgres", "Schema", "Definitions", "Reading", "fold_case.sql");

    private readonly StatementLog log = new();
    private readonly FailureLog failures = new();
    private ServiceProvider services = null!;
    private string connectionString = "";
    private int compilationCount;

    public IReadOnlyList<Ship> Ships { get; private set; } = [];
    public IReadOnlyList<Berth> Berths { get; private set; } = [];
    public Schema Schema => services.GetRequiredService<Schema>();

    public async Task InitializeAsync()
    {
        connectionString = await (await PostgresServer.Shared).CreateDatabaseAsync();
        var random = new Random(Seed);
        Port[] ports = [.. Enumerable.Range(1, 3).Select(id => Port.Random(id, random))];
        Berths = [.. Enumerable.Range(1, 8).Select(id => Berth.Random(id, random, ports))];
        Ships = [.. Enumerable.Range(1, ShipCount).Select(id => Ship.Random(id, random, Berths))];
        await using HarbourDb db = Open();
        await db.Database.EnsureCreatedAsync();
        await db.Database.GetDbConnection().OpenAsync();
        await using (DbCommand folding = db.Database.GetDbConnection().CreateCommand())
        {
            folding.CommandText = await File.ReadAllTextAsync(FoldingSql);
            await folding.ExecuteNonQueryAsync();
        }
        db.AddRange(ports);
        db.AddRange(Berths);
        db.AddRange(Ships);
        await db.SaveChangesAsync();
        services = Services();
        log.Statements.Clear();
    }

    public async Task DisposeAsync() => await services.DisposeAsync();

    public HarbourDb Open() => new(new DbContextOptionsBuilder<HarbourDb>().UseNpgsql(connectionString).AddInterceptors(log)
        .LogTo((id, _) => id == CoreEventId.QueryCompilationStarting, _ => Interlocked.Increment(ref compilationCount)).Options);

    /// <summary>Queries that EF Core did not find in its cache.</summary>
    public int CompilationCount => Volatile.Read(ref compilationCount);

    /// <summary>The response, and the SQL that was run for it.</summary>
    public async Task<(JsonNode Answer, IReadOnlyList<string> Statements)> AskAsync(string query, object? variables = null)
    {
        log.Statements.Clear();
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var result = (OperationResult)await ExecuteAsync(query, variables, scope);
        return (Read(result), [.. log.Statements]);
    }

    /// <summary>All events of a subscription that ends by itself.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListenAsync(string query, object? variables = null)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var events = new List<JsonNode>();
        await foreach (OperationResult result in ((ResponseStream)await ExecuteAsync(query, variables, scope)).ReadResultsAsync())
            events.Add(Read(result)["data"]!);
        return events;
    }

    /// <summary>The data of a response without errors.</summary>
    public async Task<JsonNode> DataAsync(string query, object? variables = null)
    {
        (JsonNode answer, _) = await AskAsync(query, variables);
        Assert.True(answer["errors"] is null, $"{answer.ToJsonString()}\n{failures.Last}\n{string.Join('\n', log.Statements)}");
        return answer["data"]!;
    }

    /// <summary>The code of a response's only error, and its message.</summary>
    public async Task<(string Code, string Message)> RefusalAsync(string query, object? variables = null)
    {
        (JsonNode answer, _) = await AskAsync(query, variables);
        JsonNode error = Assert.Single(answer["errors"]!.AsArray())!;
        return ((string)error["extensions"]!["code"]!, (string)error["message"]!);
    }

    private async Task<ExecutionResult> ExecuteAsync(string query, object? variables, AsyncServiceScope scope) =>
        await services.GetRequiredService<IRequestExecutor>().ExecuteAsync(new GraphQLRequest
        {
            Query = query,
            Services = scope.ServiceProvider,
            Variables = variables is null ? default : JsonSerializer.SerializeToElement(variables),
        });

    private static JsonNode Read(OperationResult result)
    {
        using (result)
        {
            var output = new ArrayBufferWriter<byte>();
            result.WriteTo(output);
            return JsonNode.Parse(output.WrittenSpan)!;
        }
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton(Ships);
        services.AddLogging(logging => logging.AddProvider(failures));
        services.AddSingleton<Func<HarbourDb>>(Open);
        services.AddGraphQLServer().ModifyCostOptions(costs => costs.EnforceCostLimits = false)
            .AddQueryType<HarbourQuery>()
            .AddSubscriptionType<HarbourFeed>()
            .AddTypeExtension<BerthType>()
            .AddTypeExtension<ShipType>()
            .BindRuntimeType<Fee, DecimalType>()
            .AddTypeConverter<Fee, decimal>(fee => fee.Value / 100m)
            .AddTypeConverter<decimal, Fee>(amount => Fee.From((long)(amount * 100)))
            .AddFloor<decimal, Fee>(amount => amount < 0 ? null : Fee.From(amount > 1_000_000 ? long.MaxValue : (long)(amount * 100)))
            .AddIdConverter<ShipId>("Ship")
            .RegisterPooledService(_ => Open());
        return services.BuildServiceProvider();
    }

    /// <summary>The part of a failure that the client does not see, for the message of a failed test.</summary>
    private sealed class FailureLog : ILoggerProvider, ILogger
    {
        public Exception? Last { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() => Last = null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Last = exception ?? Last;
    }

    private sealed class StatementLog : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Statements { get; } = new();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            IEnumerable<string> parameters = command.Parameters.Cast<DbParameter>()
                .Select(parameter => $"\n-- {parameter.ParameterName} = {JsonSerializer.Serialize(parameter.Value)}");
            Statements.Enqueue(command.CommandText + string.Concat(parameters));
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
