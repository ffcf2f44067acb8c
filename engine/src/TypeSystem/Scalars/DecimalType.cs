using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An exact decimal number, written as a string so that no client rounds it; numbers are also accepted.</summary>
public class DecimalType : ScalarType<decimal>
{
    /// <summary>The digits that <see cref="decimal"/> always holds; one more could be lost to rounding.</summary>
    private const int DigitsMax = 28;

    private const string Expected = "a decimal number of at most 28 digits, as a string or a number";

    public DecimalType() : this("Decimal", "An exact decimal number. It is written as a string such as \"0.015000\", and accepted as a string or a number.")
    {
    }

    /// <summary>A scalar that is written and read in the same way, under a name that says what it measures.</summary>
    protected DecimalType(string name, string description) : base(name) => Description = description;

    public override object ParseLiteral(ValueNode literal) => TryParse(TextOf(literal), out decimal value) ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) => TryParse(TextOf(json), out decimal value) ? value : throw Refuse(json, Expected);

    protected internal override object ParseOperand(ValueNode literal) =>
        ExactNumber.TryParse(TextOf(literal), out ExactNumber number) ? number.AmongDecimals() : ParseLiteral(literal);

    protected internal override object ParseOperand(JsonElement json) =>
        ExactNumber.TryParse(TextOf(json), out ExactNumber number) ? number.AmongDecimals() : ParseJson(json);

    protected override void WriteValue(Utf8JsonWriter writer, decimal value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    protected override ValueNode ToLiteralValue(decimal value) => new StringValueNode(default, value.ToString(CultureInfo.InvariantCulture));

    protected override bool TryConvert(object value, out decimal converted)
    {
        bool isWhole = WholeNumbers.TryToLong(value, out long whole);
        converted = whole;
        return isWhole;
    }

    private static string? TextOf(ValueNode literal) => literal is StringValueNode text ? text.Value : ExactNumber.TextOf(literal);

    private static string? TextOf(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : ExactNumber.TextOf(json);

    /// <summary>False for a number that a decimal would round, too: 1e-29 is not zero.</summary>
    private static bool TryParse(string? text, out decimal value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = 0;
        return text is { Length: > 0 and <= 2 * DigitsMax } && text.Count(char.IsAsciiDigit) <= DigitsMax
            && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value)
            && ExactNumber.TryParse(text, out ExactNumber number) && number.AmongDecimals() is decimal;
    }
}
