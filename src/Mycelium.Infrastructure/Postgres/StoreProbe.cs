using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Asks PostgreSQL every half second, on a connection of its own, whether it is there, and turns the gate: so a server that falls silent costs the first callers two
/// seconds and the others nothing. The same answers tell how far this machine's clock is from the database's.
/// </summary>
public sealed partial class StoreProbe(
    StoreGate gate, StoreClock storeClock, NpgsqlDataSource database, ReadingSource reading, KeyedSource keyed, IOptions<PostgresOptions> options,
    TimeProvider clock,
    ILogger<StoreProbe> logger) : BackgroundService
{
    private readonly PostgresOptions settings = options.Value;
    private readonly int sizeOfPools = options.Value.PoolSizeMax + options.Value.ReadingPoolSizeMax + options.Value.KeyedPoolSizeMax;
    private ProbeConnection connection = new(PostgresSource.ProbeConnectionString(options.Value));

    /// <summary>Asks once. False when PostgreSQL did not answer in time.</summary>
    public async Task<bool> AskAsync(CancellationToken cancellation)
    {
        Task<DateTimeOffset> asking = connection.AskForTimeAsync();
        try
        {
            long begun = clock.GetTimestamp();
            DateTimeOffset now = await asking.WaitAsync(settings.ProbeTimeout, clock, cancellation).ConfigureAwait(false);
            storeClock.Learn(now, clock.GetElapsedTime(begun));
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested) // Whatever it is: somebody who cannot be asked for the time can be asked for nothing.
        {
            DropConnection(asking);
            return false;
        }
    }

    public override void Dispose()
    {
        connection.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                Turn(await AskAsync(stoppingToken).ConfigureAwait(false));
                await Task.Delay(settings.ProbePeriod, clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Turn(bool isThere)
    {
        if (!isThere)
        {
            if (gate.Close("does not answer"))
            {
                GrowThreadPool(sizeOfPools);
                LogClosed();
            }
        }
        else if (gate.ClosedBecause is not null)
        {
            // Connections of before may lead nowhere: each of them would cost a caller the time in which the driver finds out.
            foreach (NpgsqlDataSource pool in (NpgsqlDataSource[])[database, reading.Connections, keyed.Connections])
                pool.Clear();
            gate.Open();
            GrowThreadPool(-sizeOfPools);
            LogOpened();
        }
    }

    /// <summary>
    /// To cancel a command the driver blocks a thread for seconds where the server is silent. With one thread a core, everything else would stand still until the pool has
    /// grown by itself, a thread or two a second.
    /// </summary>
    private static void GrowThreadPool(int by)
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(Environment.ProcessorCount, workers + by), ports);
    }

    /// <summary>The driver may still wait on it: it is closed when that ends, and the next question has another.</summary>
    private void DropConnection(Task asking)
    {
        ProbeConnection dropped = connection;
        connection = new(PostgresSource.ProbeConnectionString(settings));
        asking.ContinueWith(_ => dropped.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL does not answer: requests that need it are refused until it does")]
    private partial void LogClosed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL answers again")]
    private partial void LogOpened();
}

/// <summary>The connection that the probe asks on, made anew where it ended: that tells nothing of whether the server is there now.</summary>
internal sealed class ProbeConnection(string connectionString) : IDisposable
{
    private NpgsqlConnection? open;

    public async Task<DateTimeOffset> AskForTimeAsync()
    {
        if (open is { } known)
        {
            try
            {
                return await AskAsync(known).ConfigureAwait(false);
            }
            catch (Exception failure) when (known.HasDied(failure))
            {
                open = null; // A server that was restarted since the last question is back, perhaps.
                await known.DisposeAsync().ConfigureAwait(false);
            }
        }
        open = new NpgsqlConnection(connectionString);
        await open.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        return await AskAsync(open).ConfigureAwait(false);
    }

    public void Dispose() => open?.Dispose();

    private static async Task<DateTimeOffset> AskAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection); // Not market_now(): it is compared with the clock of a machine.
        return new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false))!);
    }
}
