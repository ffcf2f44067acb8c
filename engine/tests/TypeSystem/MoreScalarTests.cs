using System.Buffers;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>Scalars beyond the specification's: what is written is read back unchanged, and anything in another format is refused.</summary>
public sealed class MoreScalarTests
{
    [Theory]
    [InlineData("LocalDate", "\"2026-01-31\"")]
    [InlineData("LocalTime", "\"23:59:59.1234567\"")]
    [InlineData("LocalTime", "\"00:00:00\"")]
    [InlineData("Base64String", "\"AAECAw==\"")]
    [InlineData("Base64String", "\"\"")]
    [InlineData("Latitude", "-90")]
    [InlineData("Longitude", "179.5")]
    [InlineData("Short", "-32768")]
    [InlineData("Byte", "127")]
    [InlineData("UnsignedByte", "255")]
    [InlineData("UnsignedShort", "65535")]
    [InlineData("UnsignedInt", "4294967295")]
    [InlineData("UnsignedLong", "18446744073709551615")]
    public void Written_values_are_read_back(string name, string json)
    {
        ScalarType scalar = BuiltInScalars.Create(name)!;

        object fromJson = scalar.ParseJson(JsonDocument.Parse(json).RootElement);
        object fromLiteral = scalar.ParseLiteral(Parser.ParseValue(json));
        object again = scalar.ParseLiteral(scalar.ToLiteral(fromJson));

        Assert.Equal(fromJson, fromLiteral);
        Assert.Equal(fromJson, again);
        Assert.Equal(json, Written(scalar, fromJson));
        Assert.NotNull(scalar.SpecifiedBy);
    }

    [Theory]
    [InlineData("LocalDate", "\"2026-02-30\"")]
    [InlineData("LocalDate", "\"2026-01-31T00:00:00Z\"")]
    [InlineData("LocalTime", "\"24:00:00\"")]
    [InlineData("LocalTime", "\"12:00\"")]
    [InlineData("LocalTime", "\"12:00:00.\"")]
    [InlineData("Base64String", "\"AAE\"")]
    [InlineData("Base64String", "\"AA EC\"")]
    [InlineData("Latitude", "90.001")]
    [InlineData("Latitude", "\"1\"")]
    [InlineData("Longitude", "-181")]
    [InlineData("Short", "32768")]
    [InlineData("Short", "1.5")]
    [InlineData("Byte", "-129")]
    [InlineData("UnsignedByte", "-1")]
    [InlineData("UnsignedLong", "18446744073709551616")]
    [InlineData("UnsignedInt", "\"1\"")]
    public void A_value_in_another_format_is_refused(string name, string json)
    {
        ScalarType scalar = BuiltInScalars.Create(name)!;

        Assert.Throws<CoercionException>(() => scalar.ParseJson(JsonDocument.Parse(json).RootElement));
        Assert.Throws<CoercionException>(() => scalar.ParseLiteral(Parser.ParseValue(json)));
    }

    private static string Written(ScalarType scalar, object value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            scalar.Write(writer, value);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
