using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>Twenty farms, ten nodes of each, and their combinations, by hand: three statements in one round trip, reading one level after the other.</summary>
internal static class FarmsCeiling
{
    private const string Farms = "SELECT id, name, certification FROM farms ORDER BY id LIMIT 20";
    private const string Nodes = """
        FROM (SELECT id FROM farms ORDER BY id LIMIT 20) AS f
        CROSS JOIN LATERAL (SELECT id, farm_id, status, country, city, latitude, longitude FROM nodes WHERE farm_id = f.id ORDER BY id LIMIT $1) AS n
        """;
    private static readonly string[] statements =
    [
        Farms,
        $"SELECT n.id, n.farm_id, n.status, n.country, n.city, n.latitude, n.longitude {Nodes} ORDER BY f.id, n.id",
        $"SELECT c.node_id, c.multiplier, c.quantity_available, c.price_per_hour {Nodes} JOIN slice_combinations AS c ON "
            + "c.node_id = n.id ORDER BY f.id, n.id, c.id",
    ];

    public static async Task AnswerAsync(HttpContext context, NpgsqlDataSource database)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(context.RequestAborted);
        await using var batch = new NpgsqlBatch(connection);
        foreach (string sql in statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            // With the size as a parameter, the plan walks the index of a farm's nodes instead of sorting all of them.
            if (sql != Farms)
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 10 });
            batch.BatchCommands.Add(command);
        }
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(context.RequestAborted);
        var farms = new List<FarmRow>(20);
        while (await rows.ReadAsync(context.RequestAborted))
            farms.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2)));
        await rows.NextResultAsync(context.RequestAborted);
        var nodes = new List<NodeRow>(200);
        while (await rows.ReadAsync(context.RequestAborted))
            nodes.Add(new(rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), Text(rows, 3), Text(rows, 4), Float(rows, 5), Float(rows, 6)));
        await rows.NextResultAsync(context.RequestAborted);

        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, CeilingJson.Plain);
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        json.WriteStartObject("farms"u8);
        json.WriteStartArray("nodes"u8);
        bool hasRow = await rows.ReadAsync(context.RequestAborted);
        int next = 0;
        foreach (FarmRow farm in farms)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, farm.Name);
            json.WriteEnum("certification"u8, farm.Certification);
            json.WriteStartObject("gridNodes"u8);
            json.WriteStartArray("nodes"u8);
            for (; next < nodes.Count && nodes[next].FarmId == farm.Id; next++)
            {
                WriteNode(json, nodes[next]);
                json.WriteStartArray("sliceCombinations"u8);
                for (; hasRow && rows.GetInt64(0) == nodes[next].Id; hasRow = await rows.ReadAsync(context.RequestAborted))
                    WriteCombination(json, rows);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, NodeRow node)
    {
        json.WriteStartObject();
        json.WriteNumber("gridId"u8, node.Id);
        json.WriteEnum("status"u8, node.Status);
        json.WriteString("country"u8, node.Country);
        json.WriteString("city"u8, node.City);
        Write(json, "latitude"u8, node.Latitude);
        Write(json, "longitude"u8, node.Longitude);
    }

    private static void WriteCombination(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        json.WriteNumber("multiplier"u8, row.GetInt32(1));
        json.WriteNumber("quantityAvailable"u8, row.GetInt32(2));
        json.WriteDollars("pricePerHour"u8, row.GetInt64(3));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? Float(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private readonly record struct FarmRow(long Id, string Name, string Certification);

    private readonly record struct NodeRow(long Id, long FarmId, string Status, string? Country, string? City, double? Latitude, double? Longitude);
}
