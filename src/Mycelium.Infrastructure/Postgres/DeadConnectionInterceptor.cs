using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// For Entity Framework's queries outside a transaction: reading again changes nothing, so a dead connection is opened again and used once more. Any other use
/// of a dead connection fails, and by then the pool has dropped all others of its age. Every command ends when PostgreSQL is known to be unavailable.
/// </summary>
internal sealed class DeadConnectionInterceptor(NpgsqlDataSource database, StoreGate gate) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (result.HasResult || command is not NpgsqlCommand { Connection: { } connection } query)
            return result;
        if (query.Transaction is not null || !query.CommandText.StartsWith("SELECT ", StringComparison.Ordinal))
            return InterceptionResult<DbDataReader>.SuppressWithResult(await WhileOpenAsync(query.ExecuteReaderAsync, cancellationToken).ConfigureAwait(false));
        try
        {
            return InterceptionResult<DbDataReader>.SuppressWithResult(await WhileOpenAsync(query.ExecuteReaderAsync, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (connection.HasDied(failure))
        {
            database.Clear();
        }
        await connection.CloseAsync().ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlCommand again = query.Clone(); // A command keeps state of its connection.
        return InterceptionResult<DbDataReader>.SuppressWithResult(await WhileOpenAsync(again.ExecuteReaderAsync, cancellationToken).ConfigureAwait(false));
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        result.HasResult
            ? result
            : InterceptionResult<int>.SuppressWithResult(await WhileOpenAsync(command.ExecuteNonQueryAsync, cancellationToken).ConfigureAwait(false));

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (command.Connection is NpgsqlConnection connection && connection.HasDied(eventData.Exception))
            database.Clear();
        return Task.CompletedTask;
    }

    /// <summary>The connection is the caller's, who closes it: the command cannot be left behind, and is cancelled.</summary>
    private async Task<T> WhileOpenAsync<T>(Func<CancellationToken, Task<T>> execute, CancellationToken cancellation)
    {
        CancellationToken closing = gate.Closing;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Not linked: the driver cancels by a blocking call to the server, and many commands must not wait for each other's.
        await using CancellationTokenRegistration registration = closing.UnsafeRegister(
            static source => _ = ((CancellationTokenSource)source!).CancelAsync(), ended);
        try
        {
            return await execute(ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw StoreGate.Unavailable();
        }
    }
}
