using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Float"/>; finite numbers only.</summary>
public sealed class FloatType() : ScalarType<double>("Float")
{
    private const string Expected = "a finite number";

    public override object ParseLiteral(ValueNode literal)
    {
        string? text = literal switch { IntValueNode node => node.Value, FloatValueNode node => node.Value, _ => null };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Refuse(literal, Expected);
    }

    public override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Refuse(json, Expected);

    protected internal override object ParseOperand(ValueNode literal) => Operand(ExactNumber.TextOf(literal)) ?? ParseLiteral(literal);

    protected internal override object ParseOperand(JsonElement json) => Operand(ExactNumber.TextOf(json)) ?? ParseJson(json);

    protected override void WriteValue(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
            throw new CoercionException($"Float cannot represent {value.ToString(CultureInfo.InvariantCulture)}: it holds finite numbers.");
        writer.WriteNumberValue(value);
    }

    protected override ValueNode ToLiteralValue(double value) => new FloatValueNode(default, value.ToString("R", CultureInfo.InvariantCulture));

    protected override bool TryConvert(object value, out double converted)
    {
        bool isNumber = WholeNumbers.IsNumber(value);
        converted = isNumber ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0;
        return isNumber;
    }

    private static object? Operand(string? text) => ExactNumber.TryParse(text, out ExactNumber number) ? number.AmongDoubles(text!) : null;
}
