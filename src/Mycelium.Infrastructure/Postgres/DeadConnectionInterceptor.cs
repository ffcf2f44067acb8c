using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// For queries of the entity framework that are no part of a transaction: reading again changes nothing, so a dead connection is opened anew and asked once
/// more. Whatever else finds a connection dead fails, and by then the pool holds no other of its age.
/// </summary>
internal sealed class DeadConnectionInterceptor(NpgsqlDataSource database) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (result.HasResult || command is not NpgsqlCommand { Connection: { } connection, Transaction: null } query || !query.CommandText.StartsWith("SELECT ", StringComparison.Ordinal))
            return result;
        try
        {
            return InterceptionResult<DbDataReader>.SuppressWithResult(await query.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (connection.HasDied(failure))
        {
            database.Clear();
        }
        await connection.CloseAsync().ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlCommand again = query.Clone(); // A command keeps what it knew of its connection.
        return InterceptionResult<DbDataReader>.SuppressWithResult(await again.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false));
    }

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (command.Connection is NpgsqlConnection connection && connection.HasDied(eventData.Exception))
            database.Clear();
        return Task.CompletedTask;
    }
}
