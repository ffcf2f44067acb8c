using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>
/// Reads whole tables, filtered, ordered and paged, with one statement each: the SQL is written straight from what the operation asks, the rows become objects
/// by code compiled once for each selection. The entity framework says what the tables look like, and reads everything else.
/// </summary>
internal sealed class PostgresReader(ReadingSource source, IDbContextFactory<MyceliumDb> databases, IOptions<PostgresOptions> options) : IStoreReader
{
    private readonly StoredTables tables = new(databases);
    private readonly bool isOn = options.Value.DirectReading;

    public Task<StoreRows<T>>? TryReadAsync<T>(StoreQuery<T> query, CancellationToken cancellation)
    {
        // A resolver that filters its list itself gets what its own query says.
        if (!isOn || query.Source.Expression.GetType() != typeof(EntityQueryRootExpression) || Shapes<T>.Of(tables, query.Members ?? StoreMembers.Whole) is not { } shape)
            return null;
        var command = new NpgsqlCommand();
        if (StatementSql.TryWrite(query, shape, tables.Find(typeof(T))!, command.Parameters) is not { } sql)
            return null;
        command.CommandText = sql;
        return ReadAsync(command, shape, query, cancellation);
    }

    private async Task<StoreRows<T>> ReadAsync<T>(NpgsqlCommand command, RowShape<T> shape, StoreQuery<T> query, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.Connections.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        command.Connection = connection;
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var items = new List<T>();
        List<int>? lists = query.Keys is null ? null : [];
        ListFinder? finder = query.Keys is { } keys ? ListFinder.Of(tables.Find(typeof(T))!.Column(keys.Member)!.Stored(keys.Values), shape.ColumnCount) : null;
        int? totalCount = null;
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            items.Add(shape.Read(row));
            if (query.HasTotalCount)
                totalCount ??= row.GetInt32(shape.ColumnCount);
            lists?.Add(finder!.Find(row));
        }
        return new StoreRows<T>([.. items], lists ?? (IReadOnlyList<int>)[], totalCount);
    }

    /// <summary>As long as an operation's selection is known, so is what was made of it.</summary>
    private static class Shapes<T>
    {
        private static readonly ConditionalWeakTable<StoreMembers, Made> Known = [];

        public static RowShape<T>? Of(StoredTables tables, StoreMembers members) =>
            (Known.TryGetValue(members, out Made? made) ? made : Known.GetValue(members, asked => new Made(RowShape<T>.Of(tables, asked)))).Shape;

        private sealed record Made(RowShape<T>? Shape);
    }
}
