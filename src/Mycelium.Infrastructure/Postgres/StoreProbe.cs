using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Checks every half second, on a connection of its own, whether PostgreSQL is available, and opens or closes the gate: so a server that falls silent costs the
/// first callers two seconds and the others nothing. The same responses show how far this machine's clock is from the database's.
/// </summary>
public sealed partial class StoreProbe(
    StoreGate gate, StoreClock storeClock, NpgsqlDataSource database, ReadingSource reading, KeyedSource keyed, IOptions<PostgresOptions> options,
    TimeProvider clock, ILogger<StoreProbe> logger) : BackgroundService
{
    private readonly PostgresOptions settings = options.Value;
    private readonly int sizeOfPools = options.Value.PoolSizeMax + options.Value.ReadingPoolSizeMax + options.Value.KeyedPoolSizeMax;
    private ProbeConnection connection = new(PostgresSource.ProbeConnectionString(options.Value));

    /// <summary>Checks once. False when PostgreSQL did not respond in time.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        Task<DateTimeOffset> pending = connection.ReadTimeAsync();
        try
        {
            long begun = clock.GetTimestamp();
            DateTimeOffset now = await pending.WaitAsync(settings.ProbeTimeout, clock, cancellation).ConfigureAwait(false);
            storeClock.Learn(now, clock.GetElapsedTime(begun));
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested) // Whatever failed: a server that does not report the time cannot serve anything else.
        {
            DropConnection(pending);
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
                Turn(await CheckAsync(stoppingToken).ConfigureAwait(false));
                await Task.Delay(settings.ProbePeriod, clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Turn(bool isAvailable)
    {
        if (!isAvailable)
        {
            if (gate.Close("does not answer"))
            {
                GrowThreadPool(sizeOfPools);
                LogClosed();
            }
        }
        else if (gate.ClosedBecause is not null)
        {
            // Existing connections may be dead: each of them would cost a caller the time in which the driver finds out.
            foreach (NpgsqlDataSource pool in (NpgsqlDataSource[])[database, reading.Connections, keyed.Connections])
                pool.Clear();
            gate.Open();
            GrowThreadPool(-sizeOfPools);
            LogOpened();
        }
    }

    /// <summary>
    /// To cancel a command the driver blocks a thread for seconds where the server is silent. With one thread a core, everything else would stand still until
    /// the pool has grown by itself, a thread or two a second.
    /// </summary>
    private static void GrowThreadPool(int by)
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(Environment.ProcessorCount, workers + by), ports);
    }

    /// <summary>The driver may still wait on it: it is closed when that ends, and the next question has another.</summary>
    private void DropConnection(Task pending)
    {
        ProbeConnection dropped = connection;
        connection = new(PostgresSource.ProbeConnectionString(settings));
        pending.ContinueWith(_ => dropped.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL does not answer: requests that need it are refused until it does")]
    private partial void LogClosed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL answers again")]
    private partial void LogOpened();
}

/// <summary>The connection of the probe, opened again after it ended: a closed connection does not mean that the server is unavailable now.</summary>
internal sealed class ProbeConnection(string connectionString) : IDisposable
{
    private NpgsqlConnection? open;

    public async Task<DateTimeOffset> ReadTimeAsync()
    {
        if (open is { } known)
        {
            try
            {
                return await ReadClockAsync(known).ConfigureAwait(false);
            }
            catch (Exception failure) when (known.HasDied(failure))
            {
                open = null; // A server that was restarted since the last probe may be back.
                await known.DisposeAsync().ConfigureAwait(false);
            }
        }
        open = new NpgsqlConnection(connectionString);
        await open.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        return await ReadClockAsync(open).ConfigureAwait(false);
    }

    public void Dispose() => open?.Dispose();

    private static async Task<DateTimeOffset> ReadClockAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection); // Not market_now(): it is compared with the clock of a machine.
        return new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false))!);
    }
}
