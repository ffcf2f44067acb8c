using System.Runtime.CompilerServices;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Whether PostgreSQL is available, as start-up and the probe determine for the whole replica. Closed, every call of the store fails at once instead of finding
/// out by itself, and calls that are under way when it closes are abandoned. Open until it is closed.
/// </summary>
public sealed class StoreGate
{
    private static readonly ConditionalWeakTable<NpgsqlDataSource, StoreGate> gates = [];
    private readonly AsyncLocal<bool> passes = new();
    private readonly Lock turning = new();
    private volatile Term term = new(null);

    /// <summary>Why it is closed, for the reader of <c>/health/ready</c>; null while it is open.</summary>
    public string? ClosedBecause => term.ClosedBecause;

    /// <summary>Done once it is open.</summary>
    public Task WhenOpen => term.Opened.Task;

    /// <summary>Cancelled when it closes.</summary>
    internal CancellationToken Closing => term.Closing.Token;

    /// <summary>The gate that <see cref="Guard"/> has put before these connections; an open one where it has put none.</summary>
    internal static StoreGate Of(NpgsqlDataSource database) => gates.GetOrCreateValue(database);

    /// <summary>Puts this gate before the connections of a pool.</summary>
    internal NpgsqlDataSource Guard(NpgsqlDataSource database)
    {
        gates.AddOrUpdate(database, this);
        return database;
    }

    /// <returns>False when it was open.</returns>
    public bool Open()
    {
        lock (turning)
        {
            if (ClosedBecause is null)
                return false;
            Term closed = term;
            term = new Term(null);
            closed.Opened.TrySetResult();
            return true;
        }
    }

    /// <param name="because">A sentence for an operator, without addresses.</param>
    /// <returns>False when it was closed; the reason is the new one.</returns>
    public bool Close(string because)
    {
        lock (turning)
        {
            Term before = term;
            if (before.ClosedBecause == because)
                return false;
            term = new Term(because, before.ClosedBecause is null ? null : before.Opened);
            if (before.ClosedBecause is not null)
                return false;
            _ = before.Closing.CancelAsync(); // Calls nobody here, under the lock.
            return true;
        }
    }

    /// <summary>What the calling method does from here on goes through although the gate is closed: it is what makes the store ready.</summary>
    internal void Pass() => passes.Value = true;

    /// <exception cref="StoreUnavailableException">It is closed.</exception>
    public void ThrowIfClosed()
    {
        if (ClosedBecause is not null && !passes.Value)
            throw Unavailable();
    }

    /// <summary>Does work that owns its connections: when the gate closes it is left behind, and ends by the driver's time-outs.</summary>
    /// <exception cref="StoreUnavailableException">The gate is closed or has closed. A commit that was sent may have been done.</exception>
    public async Task<T> WhileOpenAsync<T>(Func<Task<T>> work)
    {
        ThrowIfClosed();
        CancellationToken closing = Closing;
        Task<T> working = work();
        try
        {
            return await (passes.Value ? working : working.WaitAsync(closing)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !working.IsCompleted)
        {
            throw Unavailable();
        }
    }

    internal static StoreUnavailableException Unavailable() => new("PostgreSQL is not there at the moment.", isRetryable: true);

    /// <summary>From one turn of the gate to the next.</summary>
    private sealed class Term(string? closedBecause, TaskCompletionSource? opened = null)
    {
        public string? ClosedBecause => closedBecause;
        public CancellationTokenSource Closing { get; } = new(); // Has no timer and no link, so that there is nothing to dispose.
        public TaskCompletionSource Opened { get; } = opened ?? Create(isOpen: closedBecause is null);

        private static TaskCompletionSource Create(bool isOpen)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (isOpen)
                source.SetResult();
            return source;
        }
    }
}
