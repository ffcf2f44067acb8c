using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>One node with its farm and its combinations, by hand: two statements in one round trip.</summary>
internal static class NodeCeiling
{
    private const string Node = """
        SELECT n.id, n.status, n.certification, n.country, n.country_code, n.city, n.latitude,
        n.longitude, n.total_cores, n.total_memory_bytes, n.uptime_percent,
               f.name, f.certification, f.free_public_ip_count
        FROM nodes AS n JOIN farms AS f ON f.id = n.farm_id WHERE n.id = $1
        """;
    private const string Combinations = """
        SELECT id, multiplier, cores, memory_bytes, quantity_available, price_per_hour, price_per_month FROM slice_combinations WHERE node_id = $1 ORDER BY id
        """;

    public static async Task AnswerAsync(HttpContext context, NpgsqlDataSource database)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        long id = request.RootElement.GetProperty("variables").GetProperty("gridId").GetInt64();
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(context.RequestAborted);
        await using var batch = new NpgsqlBatch(connection);
        foreach (string sql in (ReadOnlySpan<string>)[Node, Combinations])
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } });
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(context.RequestAborted);

        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, CeilingJson.Plain);
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        json.WriteStartObject("gridNode"u8);
        await rows.ReadAsync(context.RequestAborted);
        WriteNode(json, rows);
        json.WriteStartArray("sliceCombinations"u8);
        await rows.NextResultAsync(context.RequestAborted);
        while (await rows.ReadAsync(context.RequestAborted))
            WriteCombination(json, rows);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteNumber("gridId"u8, row.GetInt64(0));
        json.WriteEnum("status"u8, row.GetString(1));
        json.WriteEnum("certification"u8, row.GetString(2));
        json.WriteText("country"u8, row, 3);
        json.WriteText("countryCode"u8, row, 4);
        json.WriteText("city"u8, row, 5);
        json.WriteFloat("latitude"u8, row, 6);
        json.WriteFloat("longitude"u8, row, 7);
        json.WriteNumber("totalCores"u8, row.GetInt32(8));
        json.WriteNumber("totalMemoryBytes"u8, row.GetInt64(9));
        json.WriteFloat("uptimePercent"u8, row, 10);
        json.WriteStartObject("farm"u8);
        json.WriteString("name"u8, row.GetString(11));
        json.WriteEnum("certification"u8, row.GetString(12));
        json.WriteNumber("freePublicIpCount"u8, row.GetInt32(13));
        json.WriteEndObject();
    }

    private static void WriteCombination(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        json.WriteId(row.GetInt64(0));
        json.WriteNumber("multiplier"u8, row.GetInt32(1));
        json.WriteNumber("cores"u8, row.GetInt32(2));
        json.WriteNumber("memoryBytes"u8, row.GetInt64(3));
        json.WriteNumber("quantityAvailable"u8, row.GetInt32(4));
        json.WriteDollars("pricePerHour"u8, row.GetInt64(5));
        json.WriteDollars("pricePerMonth"u8, row.GetInt64(6));
        json.WriteEndObject();
    }
}
