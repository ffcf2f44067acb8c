using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Int"/></summary>
public sealed class IntType() : ScalarType<int>("Int")
{
    private const string Expected = "a whole number from -2147483648 to 2147483647";

    public override object ParseLiteral(ValueNode literal) =>
        literal is IntValueNode node && int.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            if (json.TryGetInt32(out int value))
                return value;
            if (json.TryGetDouble(out double number) && WholeNumbers.TryToLong(number, out long whole) && whole is >= int.MinValue and <= int.MaxValue)
                return (int)whole; // 1.0 and 1e3 are whole numbers in JSON.
        }
        throw Refuse(json, Expected);
    }

    protected internal override object ParseOperand(ValueNode literal) =>
        literal is IntValueNode && ExactNumber.TryParse(ExactNumber.TextOf(literal), out ExactNumber number) ? number.Among<int>() : ParseLiteral(literal);

    protected internal override object ParseOperand(JsonElement json) =>
        ExactNumber.TryParse(ExactNumber.TextOf(json), out ExactNumber number) && number.IsWhole ? number.Among<int>() : ParseJson(json);

    protected override void WriteValue(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);

    protected override ValueNode ToLiteralValue(int value) => new IntValueNode(default, value.ToString(CultureInfo.InvariantCulture));

    protected override bool TryConvert(object value, out int converted)
    {
        bool fits = WholeNumbers.TryToLong(value, out long whole) && whole is >= int.MinValue and <= int.MaxValue;
        converted = fits ? (int)whole : 0;
        return fits ? true : WholeNumbers.IsNumber(value) ? throw new CoercionException($"Int cannot represent {value}: it holds {Expected}.") : false;
    }
}
