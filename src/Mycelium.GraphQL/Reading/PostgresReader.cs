using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>
/// Reads filtered, sorted and paged lists of whole tables, with one statement each. The SQL is written directly from the operation, and rows become objects
/// through code that is compiled once per selection. EF Core describes the tables, and reads everything else.
/// </summary>
internal sealed class PostgresReader(ReadingSource reading, IDbContextFactory<MyceliumDb> databases, IOptions<PostgresOptions> options) : IStoreReader
{
    /// <summary>Statements with few keys are short and share a round trip. Longer ones run in parallel, so that none waits for another.</summary>
    private const int SharedKeysMax = 8;

    private readonly StoredTables tables = new(databases);
    private readonly bool isOn = options.Value.DirectReading;

    public Task<StoreRows<T>>? TryReadAsync<T>(StoreQuery<T> query, CancellationToken cancellation)
    {
        // A resolver that filters its list itself is read by its own query.
        if (!isOn
            || (query.Source is { } source && source.Expression.GetType() != typeof(EntityQueryRootExpression))
            || Shapes<T>.Of(tables, query.Members ?? StoreMembers.Whole) is not { } shape)
            return null;
        var command = new NpgsqlBatchCommand();
        if (StatementSql.TryWrite(query, shape, tables.Find(typeof(T))!, command.Parameters) is not { } sql)
            return null;
        command.CommandText = sql;
        // The keys are the first parameter.
        ListFinder? finder = query.Keys is { IsSingle: false } keys
            ? tables.Find(typeof(T))!.Column(keys.Member)!.Finder((Array)command.Parameters[0].Value!, shape.ColumnCount)
            : null;
        var statement = new Statement<T>(command, shape, finder, query);
        return FetchRound.Current is { } round && query.Keys is { Values.Length: <= SharedKeysMax }
            ? Share(statement, round, cancellation)
            : ReadAsync(statement, cancellation);
    }

    private async Task<StoreRows<T>> ReadAsync<T>(Statement<T> statement, CancellationToken cancellation)
    {
        await SendAsync([statement], cancellation).ConfigureAwait(false);
        return statement.Rows;
    }

    /// <summary>All fetches of a round belong to one request and share its cancellation.</summary>
    private Task<StoreRows<T>> Share<T>(Statement<T> statement, FetchRound round, CancellationToken cancellation)
    {
        if (round.State is not List<Statement> statements)
        {
            round.State = statements = [];
            round.Ended += () => _ = SendSharedAsync(statements, cancellation);
        }
        statements.Add(statement);
        return statement.Shared();
    }

    private async Task SendSharedAsync(List<Statement> statements, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await SendAsync(statements, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        // The connection is free again, so the waiting callers continue here.
        foreach (Statement statement in statements)
            statement.End(failure);
    }

    /// <summary>
    /// Uses one connection and one round trip. If the connection turns out to be dead, it retries on a fresh one, because reading twice
    /// does no harm.
    /// </summary>
    private Task<bool> SendAsync(List<Statement> statements, CancellationToken cancellation) => reading.Connections.UseAsync(
        async connection =>
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (Statement statement in statements)
                batch.BatchCommands.Add(statement.Begin());
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            foreach (Statement statement in statements)
            {
                while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
                    statement.Take(rows);
                await rows.NextResultAsync(cancellation).ConfigureAwait(false);
            }
            return true;
        },
        cancellation);

    /// <summary>Caches the shape for as long as the operation's selection is alive.</summary>
    private static class Shapes<T>
    {
        private static readonly ConditionalWeakTable<StoreMembers, Made> Known = [];

        public static RowShape<T>? Of(StoredTables tables, StoreMembers members) =>
            (Known.TryGetValue(members, out Made? made) ? made : Known.GetValue(members, asked => new Made(RowShape<T>.Of(tables, asked)))).Shape;

        private sealed record Made(RowShape<T>? Shape);
    }
}
