using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Passes over the grid again and again: at once at the start, then each interval, less often while passes fail. Replicas share the work by lease.</summary>
public sealed partial class GridSyncService(GridSync sync, IOptions<GridOptions> options, TimeProvider clock, ILogger<GridSyncService> logger) : BackgroundService
{
    private readonly GridOptions settings = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.BaseUrl is null)
        {
            LogNoGrid();
            return;
        }
        TimeSpan wait = settings.SyncInterval;
        TimeSpan notWithin = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isWell = await TryPassAsync(notWithin, stoppingToken).ConfigureAwait(false);
            wait = isWell ? settings.SyncInterval : TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Math.Max(settings.SyncIntervalMax.Ticks, settings.SyncInterval.Ticks)));
            notWithin = settings.SyncInterval * 0.8; // Another replica's pass counts as ours.
            await Task.Delay(wait * (0.9 + 0.2 * Random.Shared.NextDouble()), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryPassAsync(TimeSpan notWithin, CancellationToken cancellation)
    {
        try
        {
            return (await sync.RunAsync(notWithin, cancellation).ConfigureAwait(false)).Outcome != SyncOutcome.Incomplete;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception failure) // The loop outlives whatever one pass runs into.
        {
            LogPassFailed(failure);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "No grid is read: Grid:BaseUrl is not set")]
    private partial void LogNoGrid();

    [LoggerMessage(LogLevel.Error, "A pass over the grid failed")]
    private partial void LogPassFailed(Exception failure);
}
