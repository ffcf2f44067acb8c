using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>Writes values as in the schema, from columns to UTF-8.</summary>
internal static class CeilingJson
{
    private static readonly JsonEncodedText notCertified = JsonEncodedText.Encode("NOT_CERTIFIED");

    public static JsonWriterOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The opaque ID: base64 of the type's name and the number.</summary>
    public static void WriteId(this Utf8JsonWriter json, long id)
    {
        json.WritePropertyName("id"u8);
        json.WriteIdValue(id);
    }

    public static void WriteIdValue(this Utf8JsonWriter json, long id)
    {
        Span<byte> text = stackalloc byte[64];
        int length = Encoding.UTF8.GetBytes("SliceCombination:", text);
        id.TryFormat(text[length..], out int digits, provider: CultureInfo.InvariantCulture);
        Base64.EncodeToUtf8InPlace(text, length + digits, out int written);
        json.WriteStringValue(text[..written]);
    }

    /// <summary>Six digits after the point, in quotes.</summary>
    public static void WriteDollars(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long microUsd)
    {
        json.WritePropertyName(name);
        json.WriteDollarsValue(microUsd);
    }

    public static void WriteDollarsValue(this Utf8JsonWriter json, long microUsd)
    {
        Span<byte> text = stackalloc byte[32];
        var dollars = new decimal((int)microUsd, (int)(microUsd >> 32), 0, isNegative: false, scale: 6);
        dollars.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..length]);
    }

    public static void WriteText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            json.WriteNull(name);
        else
            json.WriteString(name, row.GetString(column));
    }

    public static void WriteFloat(this Utf8JsonWriter json, ReadOnlySpan<byte> name, NpgsqlDataReader row, int column)
    {
        if (row.IsDBNull(column))
            json.WriteNull(name);
        else
            json.WriteNumber(name, row.GetDouble(column));
    }

    public static void WriteEnum(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string stored)
    {
        json.WritePropertyName(name);
        json.WriteEnumValue(stored);
    }

    public static void WriteEnumValue(this Utf8JsonWriter json, string stored)
    {
        if (stored == "NotCertified")
            json.WriteStringValue(notCertified);
        else
            json.WriteStringValue(stored.ToUpperInvariant());
    }
}
