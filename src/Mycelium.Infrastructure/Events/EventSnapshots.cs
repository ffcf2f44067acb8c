using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>Reads state together with its place in the order of events, so that a stream that continues from there misses nothing.</summary>
public sealed class EventSnapshots(
    IDbContextFactory<MyceliumDb> databases, NpgsqlDataSource database, StoreGate gate, IOptions<EventOptions> options) : IDisposable
{
    private readonly SemaphoreSlim reads = new(options.Value.SnapshotReadsMax);

    /// <summary>
    /// Runs <paramref name="read"/> on one snapshot of the database. A change that has committed but has no number yet is in the state, and will be reported
    /// once more: a duplicate is visible, a missing change would not be.
    /// </summary>
    public Task<(T State, EventCursor Cursor)> ReadAsync<T>(Func<MyceliumDb, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        gate.WhileOpenAsync(() => ReadInTurnAsync(read, cancellation));

    public void Dispose() => reads.Dispose();

    private async Task<(T State, EventCursor Cursor)> ReadInTurnAsync<T>(Func<MyceliumDb, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        await reads.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await TryReadAsync(read, mayFail: true, cancellation).ConfigureAwait(false)
                ?? (await TryReadAsync(read, mayFail: false, cancellation).ConfigureAwait(false))!.Value;
        }
        finally
        {
            reads.Release();
        }
    }

    /// <returns>Null when the connection was dead; only if it <paramref name="mayFail"/>.</returns>
    private async Task<(T State, EventCursor Cursor)?> TryReadAsync<T>(
        Func<MyceliumDb, CancellationToken, Task<T>> read, bool mayFail, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using IDbContextTransaction transaction =
            await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        EventCursor end;
        try
        {
            end = await EventStore.ReadEndAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (mayFail && connection.HasDied(failure))
        {
            database.Clear();
            return null;
        }
        T state = await read(db, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return (state, end);
    }
}
