using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>One combination as the schema shows it.</summary>
internal static class CeilingRow
{
    private static readonly JsonEncodedText notCertified = JsonEncodedText.Encode("NOT_CERTIFIED");

    public static void Write(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        WriteId(json, row.GetInt64(0));
        json.WriteNumber("multiplier"u8, row.GetInt32(1));
        json.WriteNumber("cores"u8, row.GetInt32(2));
        json.WriteNumber("memoryBytes"u8, row.GetInt64(3));
        json.WriteNumber("ssdBytes"u8, row.GetInt64(4));
        json.WriteNumber("quantityAvailable"u8, row.GetInt32(5));
        WriteDollars(json, "pricePerHour"u8, row.GetInt64(6));
        WriteDollars(json, "pricePerMonth"u8, row.GetInt64(7));
        WriteText(json, "country"u8, row, 8);
        WriteText(json, "countryCode"u8, row, 9);
        WriteText(json, "city"u8, row, 10);
        json.WriteStartObject("node"u8);
        json.WriteNumber("gridId"u8, row.GetInt64(11));
        WriteEnum(json, "status"u8, row.GetString(12));
        WriteEnum(json, "certification"u8, row.GetString(13));
        WriteFloat(json, "latitude"u8, row, 14);
        WriteFloat(json, "longitude"u8, row, 15);
        json.WriteEndObject();
        json.WriteStartObject("farm"u8);
        json.WriteString("name"u8, row.GetString(16));
        WriteEnum(json, "certification"u8, row.GetString(17));
        json.WriteNumber("freePublicIpCount"u8, row.GetInt32(18));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The opaque id: base64 of the type's name and the number.</summary>
    private static void WriteId(Utf8JsonWriter json, long id)
    {
        Span<byte> text = stackalloc byte[64];
        int length = Encoding.UTF8.GetBytes("SliceCombination:", text);
        id.TryFormat(text[length..], out int digits, provider: CultureInfo.InvariantCulture);
        Base64.EncodeToUtf8InPlace(text, length + digits, out int written);
        json.WriteString("id"u8, text[..written]);
    }

    /// <summary>Six digits after the point, in quotes.</summary>
    private static void WriteDollars(Utf8JsonWriter json, ReadOnlySpan<byte> name, long microUsd)
    {
        Span<byte> text = stackalloc byte[32];
        var dollars = new decimal((int)microUsd, (int)(microUsd >> 32), 0, isNegative: false, scale: 6);
        dollars.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            json.WriteNull(name);
        else
            json.WriteString(name, row.GetString(column));
    }

    private static void WriteFloat(Utf8JsonWriter json, ReadOnlySpan<byte> name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            json.WriteNull(name);
        else
            json.WriteNumber(name, row.GetDouble(column));
    }

    private static void WriteEnum(Utf8JsonWriter json, ReadOnlySpan<byte> name, string stored)
    {
        if (stored == "NotCertified")
            json.WriteString(name, notCertified);
        else
            json.WriteString(name, stored.ToUpperInvariant());
    }
}
