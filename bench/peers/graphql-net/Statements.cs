using System.Globalization;
using System.Text;
using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>Statements of the same shape as the product's: one for each level of lists, values as parameters, the size of a root page in the text.</summary>
internal static class Statements
{
    private static readonly Dictionary<(string Field, string Operation), string> conditions = new()
    {
        [("region", "eq")] = "region =",
        [("multiplier", "eq")] = "multiplier =",
        [("multiplier", "gte")] = "multiplier >=",
        [("quantityAvailable", "eq")] = "quantity_available =",
        [("quantityAvailable", "gte")] = "quantity_available >=",
    };

    /// <param name="select">Everything up to the conditions, with the combinations as <c>c</c>.</param>
    public static NpgsqlBatchCommand Search(string select, IDictionary<string, object?>? where, bool isByPrice, int first)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder(select);
        string word = " WHERE ";
        foreach ((string field, object? operations) in where ?? new Dictionary<string, object?>())
        {
            foreach ((string operation, object? value) in (IDictionary<string, object?>)operations!)
            {
                command.Parameters.Add(
                    value is int number ? new NpgsqlParameter<int> { TypedValue = number } : new NpgsqlParameter<string> { TypedValue = (string)value! });
                sql.Append(CultureInfo.InvariantCulture, $"{word}c.{conditions[(field, operation)]} ${command.Parameters.Count}");
                word = " AND ";
            }
        }
        command.CommandText = sql.Append(CultureInfo.InvariantCulture, $" ORDER BY {(isByPrice ? "c.price_per_hour, " : "")}c.id LIMIT {first}").ToString();
        return command;
    }

    public static NpgsqlBatchCommand Farms(string columns, int first) =>
        new(string.Create(CultureInfo.InvariantCulture, $"SELECT {columns} FROM farms AS f ORDER BY f.id LIMIT {first}"));

    public static NpgsqlBatchCommand NodesOfFarms(string columns, long[] farms, int first) =>
        new(
            $"SELECT list.* FROM unnest($1) AS keys (key) CROSS JOIN LATERAL (SELECT {columns} FROM nodes AS n WHERE n.farm_id "
                + "= keys.key ORDER BY n.id LIMIT $2) AS list")
        {
            Parameters = { new NpgsqlParameter<long[]> { TypedValue = farms }, new NpgsqlParameter<int> { TypedValue = first } },
        };

    public static NpgsqlBatchCommand CombinationsOfNodes(string columns, long[] nodes) => ByKeys(
        $"SELECT {columns} FROM slice_combinations AS c WHERE c.node_id", nodes, " ORDER BY c.node_id, c.id");

    /// <summary>PostgreSQL plans an array as ten keys, so one key gets a statement of its own.</summary>
    /// <param name="select">Everything up to the key.</param>
    public static NpgsqlBatchCommand ByKeys(string select, long[] keys, string order = "") => keys is [long key]
        ? new NpgsqlBatchCommand($"{select} = $1{order}") { Parameters = { new NpgsqlParameter<long> { TypedValue = key } } }
        : new NpgsqlBatchCommand($"{select} = ANY ($1){order}") { Parameters = { new NpgsqlParameter<long[]> { TypedValue = keys } } };
}
