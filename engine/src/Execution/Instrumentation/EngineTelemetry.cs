using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Spans and metrics by <see href="https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/">OpenTelemetry's conventions for GraphQL</see>,
/// with HotChocolate's attributes where those have none. Nothing is allocated without a listener.
/// </summary>
internal sealed class EngineTelemetry(InstrumentationOptions options, ILogger logger)
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Mycelium.GraphQL.Engine";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> RequestDuration =
        Meter.CreateHistogram<double>("graphql.server.request.duration", "s", "From the lookup of the document to the complete response.");

    private static readonly Counter<long> DocumentLookups =
        Meter.CreateCounter<long>("graphql.server.document.lookups", "{lookup}", "Lookups of documents in the cache of parsed documents.");

    private static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("graphql.server.dataloader.batch.size", "{key}", "Keys fetched by one batch of a data loader.");

    private static int activeSockets;
    private static int activeStreams;

    static EngineTelemetry()
    {
        // Read on demand: a listener that is added late still sees everything.
        Meter.CreateObservableUpDownCounter("graphql.server.active_sockets", () => Volatile.Read(ref activeSockets), "{socket}", "Open WebSockets.");
        Meter.CreateObservableUpDownCounter(
            "graphql.server.active_subscriptions", () => Volatile.Read(ref activeStreams), "{subscription}", "Active subscriptions over any transport.");
    }

    public InstrumentationOptions Options => options;
    public ILogger Logger => logger;

    /// <summary>Whether there is a listener for requests.</summary>
    public bool IsOn =>
        RequestDuration.Enabled || options.SlowOperationThreshold is not null || (options.Scopes != ActivityScopes.None && Source.HasListeners());

    public bool TracesBatches => (options.Scopes & ActivityScopes.DataLoaderBatch) != 0 && Source.HasListeners();

    public bool TracesResolvers => (options.Scopes & ActivityScopes.ResolveFieldValue) != 0 && Source.HasListeners();

    public Activity? StartRequest() => (options.Scopes & ActivityScopes.ExecuteRequest) != 0 ? Source.StartActivity("graphql", ActivityKind.Server) : null;

    public Activity? StartStage(ActivityScopes stage, string name) => (options.Scopes & stage) != 0 ? Source.StartActivity(name) : null;

    public static void Record(TimeSpan duration, string operationType, string outcome, string? errorCode)
    {
        var tags = new TagList { { "graphql.operation.type", operationType }, { "graphql.outcome", outcome } };
        if (errorCode is not null)
            tags.Add("error.type", errorCode);
        RequestDuration.Record(duration.TotalSeconds, tags);
    }

    public static void DocumentLookedUp(bool isHit)
    {
        if (DocumentLookups.Enabled)
            DocumentLookups.Add(1, new KeyValuePair<string, object?>("graphql.document.cache", isHit ? "hit" : "miss"));
    }

    public static void RecordBatch(string loader, int size)
    {
        if (BatchSize.Enabled)
            BatchSize.Record(size, new KeyValuePair<string, object?>("graphql.dataloader.name", loader));
    }

    /// <summary>The keys themselves are never recorded: they may come from a variable.</summary>
    public Activity? StartBatch(string loader, int size) => StartStage(ActivityScopes.DataLoaderBatch, "graphql.dataloader.batch")?
        .SetTag("graphql.dataloader.name", loader).SetTag("graphql.dataloader.batch.size", size);

    public static void SocketOpened() => Interlocked.Increment(ref activeSockets);

    public static void SocketClosed() => Interlocked.Decrement(ref activeSockets);

    public static void StreamBegan() => Interlocked.Increment(ref activeStreams);

    public static void StreamEnded() => Interlocked.Decrement(ref activeStreams);
}
