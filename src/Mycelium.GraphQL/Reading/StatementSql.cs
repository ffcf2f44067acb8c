using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>Writes the statement that reads one list, or several lists at once.</summary>
internal static class StatementSql
{
    /// <summary>Null if the query contains something that is not in the tables. Values are added to the parameters in the order of their numbers.</summary>
    public static string? TryWrite<T>(StoreQuery<T> query, RowShape<T> shape, StoredTable table, NpgsqlParameterCollection parameters)
    {
        RowJoins joins = shape.Joins.Copy();
        string? key = null, keyCondition = null;
        if (query.Keys is { } keys)
        {
            if (table.Column(keys.Member) is not { } column)
                return null;
            key = $"{RowJoins.Root}.{column.Name}";
            // For a single key PostgreSQL plans for one row; for an array it assumes ten.
            if (keys.IsSingle)
                (key, keyCondition) = (null, $"{key} = $1");
            parameters.Add(keys.IsSingle ? column.Parameter(keys.Values.GetValue(0)!) : column.Parameter(keys.Values));
        }
        string? filter = null, bounds = null;
        if ((query.Filter is not null && (filter = Condition(query.Filter, joins, parameters)) is null)
            || (query.Bounds is not null && (bounds = Condition(query.Bounds, joins, parameters)) is null)
            || Order(query.Order, joins) is not { } order)
        {
            return null;
        }

        var sql = new StringBuilder(1024);
        string from = $" FROM {table.Name} AS {RowJoins.Root}{joins.Text}";
        if (key is null)
        {
            Select(sql, shape.Columns, query.HasTotalCount ? "(SELECT count(*)::integer" : null);
            // The count is repeated in each row, so that it needs no separate statement.
            if (query.HasTotalCount)
            {
                sql.Append(from);
                Where(sql, keyCondition, filter);
                sql.Append(')');
            }
            sql.Append(from);
            Where(sql, keyCondition, filter, bounds);
            End(sql, order, keyCondition is null ? Text(query.Take) : Parameter(query.Take, parameters));
        }
        else if (query.Take is not null)
        {
            // Each list separately, up to its own end of the page.
            sql.Append("SELECT list.* FROM unnest($1) AS keys (key) CROSS JOIN LATERAL (");
            Select(sql, shape.Columns, "keys.key").Append(from);
            Where(sql, $"{key} = keys.key", filter, bounds);
            End(sql, order, Parameter(query.Take, parameters));
            sql.Append(") AS list");
        }
        else
        {
            // All lists together, because there is no limit.
            Select(sql, shape.Columns, key).Append(from);
            Where(sql, $"{key} = ANY ($1)", filter, bounds);
            End(sql, order.Length == 0 ? key : $"{key}, {order}", take: null);
        }
        return sql.ToString();
    }

    /// <summary>If only the count or the existence of a next page is selected, the rows have no columns of their own.</summary>
    private static StringBuilder Select(StringBuilder sql, string columns, string? extra) =>
        sql.Append("SELECT ").Append(columns).Append(columns.Length > 0 && extra is not null ? ", " : "").Append(extra);

    private static string? Condition(StoreCondition condition, RowJoins joins, NpgsqlParameterCollection parameters)
    {
        var sql = new ConditionSql(joins, parameters);
        return sql.TryWrite(condition) ? sql.ToString() : null;
    }

    private static string? Order(IReadOnlyList<StoreKey> keys, RowJoins joins)
    {
        var order = new StringBuilder();
        foreach (StoreKey key in keys)
        {
            if (joins.Column(key.Path.Members) is not var (alias, column))
                return null;
            order.Append(order.Length == 0 ? "" : ", ").Append(alias).Append('.').Append(column.Name).Append(key.IsDescending ? " DESC" : "");
        }
        return order.ToString();
    }

    private static void Where(StringBuilder sql, params ReadOnlySpan<string?> conditions)
    {
        string word = " WHERE ";
        foreach (string? condition in conditions)
        {
            if (condition is null)
                continue;
            sql.Append(word).Append(condition);
            word = " AND ";
        }
    }

    private static void End(StringBuilder sql, string order, string? take)
    {
        if (order.Length > 0)
            sql.Append(" ORDER BY ").Append(order);
        if (take is not null)
            sql.Append(" LIMIT ").Append(take);
    }

    /// <summary>
    /// The page size of a whole table is part of the SQL, because PostgreSQL would plan a parameter for a tenth of all rows. There are few
    /// page sizes, so there are few texts.
    /// </summary>
    private static string? Text(int? take) => take?.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// The page size of a list below an object is a parameter. One plan serves all keys, and it is made for a list of average length. If that is not longer
    /// than the page, PostgreSQL would read and sort whole lists, even long ones. With a parameter it plans for a tenth of the list, so it
    /// walks the index in order and stops.
    /// </summary>
    private static string? Parameter(int? take, NpgsqlParameterCollection parameters)
    {
        if (take is null)
            return null;
        parameters.Add(new NpgsqlParameter<long> { TypedValue = take.Value });
        return $"${parameters.Count}";
    }
}
