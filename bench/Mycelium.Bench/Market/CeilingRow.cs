using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>One combination as in the schema.</summary>
internal static class CeilingRow
{
    public static void Write(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        json.WriteId(row.GetInt64(0));
        json.WriteNumber("multiplier"u8, row.GetInt32(1));
        json.WriteNumber("cores"u8, row.GetInt32(2));
        json.WriteNumber("memoryBytes"u8, row.GetInt64(3));
        json.WriteNumber("ssdBytes"u8, row.GetInt64(4));
        json.WriteNumber("quantityAvailable"u8, row.GetInt32(5));
        json.WriteDollars("pricePerHour"u8, row.GetInt64(6));
        json.WriteDollars("pricePerMonth"u8, row.GetInt64(7));
        json.WriteText("country"u8, row, 8);
        json.WriteText("countryCode"u8, row, 9);
        json.WriteText("city"u8, row, 10);
        json.WriteStartObject("gridNode"u8);
        json.WriteNumber("gridId"u8, row.GetInt64(11));
        json.WriteEnum("status"u8, row.GetString(12));
        json.WriteEnum("certification"u8, row.GetString(13));
        json.WriteFloat("latitude"u8, row, 14);
        json.WriteFloat("longitude"u8, row, 15);
        json.WriteEndObject();
        json.WriteStartObject("farm"u8);
        json.WriteString("name"u8, row.GetString(16));
        json.WriteEnum("certification"u8, row.GetString(17));
        json.WriteNumber("freePublicIpCount"u8, row.GetInt32(18));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
