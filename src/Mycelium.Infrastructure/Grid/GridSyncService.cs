using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Passes over each grid again and again: at once at the start, then each interval, less often while passes fail. Every grid has a loop and a lease of its own,
/// so replicas share the grids, and one grid's failures slow down no other.
/// </summary>
public sealed partial class GridSyncService(
    GridSyncs syncs, IOptions<GridOptions> options, TimeProvider clock, ILogger<GridSyncService> logger) : BackgroundService
{
    private readonly GridOptions settings = options.Value;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (syncs.All.Count == 0)
            LogNoGrid();
        return Task.WhenAll(syncs.All.Select(sync => RunAsync(sync, stoppingToken)));
    }

    private async Task RunAsync(GridSync sync, CancellationToken stoppingToken)
    {
        TimeSpan wait = settings.SyncInterval;
        TimeSpan notWithin = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isHealthy = await TryPassAsync(sync, notWithin, stoppingToken).ConfigureAwait(false);
            wait = isHealthy
                ? settings.SyncInterval
                : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Math.Max(settings.SyncIntervalMax.Ticks, settings.SyncInterval.Ticks)));
            notWithin = settings.NotWithin;
            await Task.Delay(wait * (0.9 + 0.2 * Random.Shared.NextDouble()), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryPassAsync(GridSync sync, TimeSpan notWithin, CancellationToken cancellation)
    {
        try
        {
            return (await sync.RunAsync(notWithin, cancellation).ConfigureAwait(false)).Outcome is SyncOutcome.Complete or SyncOutcome.NotDue;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception failure) // The loop outlives whatever one pass runs into.
        {
            LogPassFailed(failure, sync.Grid);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "No grid is read: neither Grids:<name>:BaseUrl nor Grid:BaseUrl is set")]
    private partial void LogNoGrid();

    [LoggerMessage(LogLevel.Error, "A pass over grid {Grid} failed")]
    private partial void LogPassFailed(Exception failure, string grid);
}
