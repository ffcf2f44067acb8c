using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mycelium.Infrastructure.Jobs;

/// <summary>
/// Work that a replica repeats in the background. A run that fails is logged, counted and shown in health, and the next one comes regardless. Intervals vary by
/// a tenth, so that replicas that started together do not work in step.
/// </summary>
/// <param name="name">What the job is called in metrics, health and the log, such as <c>expire_rentals</c>.</param>
/// <param name="runs">Keeps how its runs ended.</param>
/// <param name="clock">For intervals.</param>
/// <param name="logger">For runs that failed.</param>
public abstract partial class PeriodicJob(string name, JobRuns runs, TimeProvider clock, ILogger logger) : BackgroundService
{
    protected TimeProvider Clock => clock;

    /// <summary>From the end of one run to the beginning of the next.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>Whether the first run comes when the job starts; else it comes after one interval.</summary>
    protected virtual bool RunsAtStart => false;

    /// <summary>One run. Many replicas may be at it at once.</summary>
    protected abstract Task RunAsync(CancellationToken cancellation);

    /// <summary>After a run that succeeded: the interval, unless a job knows of something that ends the wait early.</summary>
    protected virtual Task WaitAsync(CancellationToken cancellation) => Task.Delay(Interval * (0.9 + 0.2 * Random.Shared.NextDouble()), clock, cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runs.Register(name);
        if (!RunsAtStart)
            await WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryRunAsync(stoppingToken).ConfigureAwait(false))
                await WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryRunAsync(CancellationToken stopping)
    {
        long begun = clock.GetTimestamp();
        try
        {
            await RunAsync(stopping).ConfigureAwait(false);
            runs.Succeeded(name, clock.GetElapsedTime(begun));
            return true;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return false; // The host stops.
        }
        catch (Exception failure) // A job outlives whatever one run meets.
        {
            runs.Failed(name, clock.GetElapsedTime(begun));
            LogFailed(failure, name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job {Job} failed; it runs again after its interval")]
    private partial void LogFailed(Exception failure, string job);
}
