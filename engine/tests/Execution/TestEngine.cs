using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.SchemaFirst;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>An executor over a schema built from SDL, with what a test may want to inspect afterwards.</summary>
internal sealed class TestEngine
{
    private readonly ServiceProvider services;

    public TestEngine(
        string sdl, Action<SchemaBuilder> resolve, Action<RequestOptions>? configure = null, TimeProvider? clock = null,
        Action<IServiceCollection>? register = null,
        ICostLimits? costLimits = null, IRequestMeter? meter = null)
    {
        var builder = SchemaBuilder.FromSdl(sdl);
        resolve(builder);
        Options = new RequestOptions();
        configure?.Invoke(Options);

        var collection = new ServiceCollection();
        register?.Invoke(collection);
        services = collection.BuildServiceProvider();
        Executor = new RequestExecutor(
            builder.Build(), Microsoft.Extensions.Options.Options.Create(Options), services.GetServices<IErrorFilter>(), new ListLogger<RequestExecutor>(Log),
            clock ?? TimeProvider.System, Buffers, services.GetServices<IOperationDocumentStorage>(), costLimits, meter);
    }

    public RequestOptions Options { get; }
    public RequestExecutor Executor { get; }
    public CountingPool Buffers { get; } = new();

    /// <summary>Messages and exceptions that were logged.</summary>
    public List<string> Log { get; } = [];

    public GraphQLRequest Request(string query, string? variables = null, string? operationName = null) => new()
    {
        Query = query,
        OperationName = operationName,
        Variables = variables is null ? default : JsonDocument.Parse(variables).RootElement,
        Services = services,
    };

    public ValueTask<ExecutionResult> ExecuteAsync(
        string query, string? variables = null, string? operationName = null, CancellationToken cancellation = default) =>
        Executor.ExecuteAsync(Request(query, variables, operationName), cancellation);

    /// <summary>The response as JSON text.</summary>
    public async Task<string> AnswerAsync(string query, string? variables = null, string? operationName = null)
    {
        using var result = (OperationResult)await ExecuteAsync(query, variables, operationName);
        return Text(result);
    }

    public static string Text(OperationResult result)
    {
        var output = new ArrayBufferWriter<byte>();
        result.WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

/// <summary>Checks that all arrays are returned.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private int rentedCount;

    public int RentedCount => Volatile.Read(ref rentedCount);

    public override byte[] Rent(int minimumLength)
    {
        Interlocked.Increment(ref rentedCount);
        return Shared.Rent(minimumLength);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        Interlocked.Decrement(ref rentedCount);
        Shared.Return(array, clearArray);
    }
}

internal sealed class ListLogger<T>(List<string> log) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (log)
            log.Add($"{formatter(state, exception)} {exception}");
    }
}
