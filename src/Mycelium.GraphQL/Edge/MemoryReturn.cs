using System.Diagnostics.Metrics;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// Gives memory back to the system when a crowd of subscribers has left. What waited for clients that did not read is garbage then, but the runtime collects its oldest generation
/// only when something allocates, and a replica that has become quiet hardly does: 600 clients that never read left it at 1,040 MB for good, where it has 210 without them. A collection in
/// the background returns nothing of that (measured), so this one stops all threads for some tenths of a second, and is rare for that reason.
/// </summary>
public sealed partial class MemoryReturn : BackgroundService
{
    /// <summary>A crowd that comes back within this time finds its memory still here.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>From one collection to the next: crowds that come and go on purpose cost the others a thousandth of their time.</summary>
    internal static readonly TimeSpan GapMin = TimeSpan.FromMinutes(5);

    /// <summary>Fewer are not worth a collection: at the bound of what may wait for one client, these are some 100 MB.</summary>
    internal const int CrowdMin = 100;

    private readonly TimeProvider clock;
    private readonly ILogger<MemoryReturn> logger;
    private readonly MeterListener listener;
    private long subscriptionCount;
    private long most;

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

    /// <summary>What gives the memory back; tests count it.</summary>
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
            most = Math.Max(most, subscriptionCount);
            if (most - subscriptionCount < CrowdMin || subscriptionCount > most / 2 || (collectedAt is { } at && clock.GetElapsedTime(at) < GapMin))
                continue;
            collectedAt = clock.GetTimestamp();
            long left = most - subscriptionCount;
            most = subscriptionCount;
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} subscriptions have left: the resident set went from {Before} to {After} MB in {Milliseconds:F0} ms.")]
    private partial void LogReturned(long count, long before, long after, double milliseconds);
}
