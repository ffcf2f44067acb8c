using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Cursors;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure;

/// <summary>
/// Starts a replica, whatever comes first: the host listens at once; as soon as PostgreSQL is there its schema is brought up to date, the gate opens, and what
/// runs in the background on it is started. Until then everything that needs the store is refused with a reason.
/// </summary>
public sealed partial class StartUp(
    IServiceProvider services, StoreGate gate, PostgresMigrator migrator, KeyRing keyRing, CursorSecret cursors, StoreProbe probe,
    IEnumerable<StoreService> following, TimeProvider clock, ILogger<StartUp> logger) : BackgroundService
{
    private static readonly TimeSpan retryDelay = TimeSpan.FromSeconds(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        gate.Close("has not been reached yet; this replica begins to serve when it has");
        // Wrong settings end the process here: waiting would not make them right.
        services.GetRequiredService<INodeTurns>();
        services.GetRequiredService<GridAddresses>();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(PrepareAsync(stoppingToken), Task.Run(MakeModel, stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        gate.Open();
        LogPrepared();
        await RunAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task PrepareAsync(CancellationToken stopping)
    {
        gate.Pass();
        string? lastFailure = null;
        while (true)
        {
            try
            {
                await services.GetRequiredService<PoolerCheck>().RunAsync(stopping).ConfigureAwait(false);
                await GuardAsync(stopping).ConfigureAwait(false);
                await migrator.MigrateAsync(stopping).ConfigureAwait(false);
                await GuardAsync(stopping).ConfigureAwait(false); // Before it, there may have been no tables to look at.
                await keyRing.EnsureAsync(stopping).ConfigureAwait(false);
                keyRing.Read();
                await cursors.EnsureAsync(stopping).ConfigureAwait(false);
                await services.EnrolGridsAsync(stopping).ConfigureAwait(false);
                await probe.CheckAsync(stopping).ConfigureAwait(false);
                return;
            }
            catch (Exception refusal) when (refusal is PoolerException or UnsafeDatabaseException)
            {
                foreach (string sentence in refusal is UnsafeDatabaseException found ? found.Findings : [refusal.Message])
                    LogRefused(sentence);
                Environment.ExitCode = 1;
                throw; // Which ends the host: waiting would not make it right.
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                gate.Close(failure switch
                {
                    SchemaMissingException => failure.Message,
                    _ when PostgresFailures.IsAbsence(failure) => "has not been reached yet; this replica begins to serve when it has",
                    _ => "could not be brought up to date; this replica tries again, and its log says why",
                });
                if (lastFailure != failure.Message)
                    LogWaiting(failure);
                lastFailure = failure.Message;
            }
            await Task.Delay(retryDelay, clock, stopping).ConfigureAwait(false);
        }
    }

    /// <exception cref="UnsafeDatabaseException">Outside Development, the database lets in callers who must not get in.</exception>
    private async Task GuardAsync(CancellationToken stopping)
    {
        if (services.GetService<DatabaseGuard>() is { } guard && await guard.FindAsync(stopping).ConfigureAwait(false) is { Count: > 0 } findings)
            throw new UnsafeDatabaseException(findings);
    }

    /// <summary>The first query would wait for it.</summary>
    private void MakeModel()
    {
        using MyceliumDb db = services.GetRequiredService<IDbContextFactory<MyceliumDb>>().CreateDbContext();
        _ = db.Model;
    }

    /// <summary>They stop with this service, whose token they receive. The host ends when one fails, as it does for a service of its own.</summary>
    private async Task RunAsync(CancellationToken stopping)
    {
        List<Task> running = [];
        foreach (StoreService next in following)
        {
            await next.Service.StartAsync(stopping).ConfigureAwait(false);
            running.Add(next.Service.ExecuteTask!);
        }
        while (running.Count > 0)
        {
            Task ended = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(ended);
            await ended.ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL is there and up to date: this replica serves")]
    private partial void LogPrepared();

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Refusal}")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL cannot be prepared; trying again until it can")]
    private partial void LogWaiting(Exception failure);
}
