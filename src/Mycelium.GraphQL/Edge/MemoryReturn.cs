using System.Diagnostics.Metrics;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// Returns memory to the system after many subscribers have left. The messages queued for clients that did not read are garbage then, but
/// the runtime collects its oldest generation only when something allocates, and an idle replica hardly does: after 600 clients that never
/// read, it stayed at 1,040 MB, compared with 210 MB without them. A background collection returns none of that memory (measured), so this
/// one is blocking. It stops all threads for some tenths of a second, and is therefore rare.
/// </summary>
public sealed partial class MemoryReturn : BackgroundService
{
    /// <summary>Memory is kept for at least this long, in case the subscribers come back.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>The least time between collections: even if crowds come and go on purpose, other callers lose only a thousandth of their time.</summary>
    internal static readonly TimeSpan GapMin = TimeSpan.FromMinutes(5);

    /// <summary>Fewer subscribers are not worth a collection: with full queues, this many hold about 100 MB.</summary>
    internal const int CrowdMin = 100;

    private readonly TimeProvider clock;
    private readonly ILogger<MemoryReturn> logger;
    private readonly MeterListener listener;
    private long subscriptionCount;
    private long peak;

    public MemoryReturn(TimeProvider clock, ILogger<MemoryReturn> logger, string meterName = InstrumentationSetup.SourceName)
    {
        (this.clock, this.logger) = (clock, logger);
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "graphql.server.active_subscriptions" && instrument.Meter.Name == meterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, count, _, _) => subscriptionCount = count);
        listener.Start();
    }

    /// <summary>The collection; tests count its calls.</summary>
    internal Action CollectAll { get; init; } = () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? collectedAt = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listener.RecordObservableInstruments();
            peak = Math.Max(peak, subscriptionCount);
            if (peak - subscriptionCount < CrowdMin || subscriptionCount > peak / 2 || (collectedAt is { } at && clock.GetElapsedTime(at) < GapMin))
                continue;
            collectedAt = clock.GetTimestamp();
            long left = peak - subscriptionCount;
            peak = subscriptionCount;
            Collect(left);
        }
    }

    private void Collect(long left)
    {
        long before = Environment.WorkingSet;
        long begun = clock.GetTimestamp();
        CollectAll();
        LogReturned(left, before >> 20, Environment.WorkingSet >> 20, clock.GetElapsedTime(begun).TotalMilliseconds);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} subscriptions have ended: the resident set shrank from {Before} to {After} MB in {Milliseconds:F0} ms.")]
    private partial void LogReturned(long count, long before, long after, double milliseconds);
}
