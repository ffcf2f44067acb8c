using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A signed 64-bit integer, written as a JSON number.</summary>
public sealed class LongType : ScalarType<long>
{
    private const string Expected = "a signed 64-bit integer";

    public LongType() : base("Long") => Description = "A signed 64-bit integer, written as a JSON number.";

    public override object ParseLiteral(ValueNode literal) =>
        literal is IntValueNode node && long.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            if (json.TryGetInt64(out long value))
                return value;
            // Such as 1e3; a double would round numbers just beyond the range into it.
            if (json.TryGetDecimal(out decimal number) && WholeNumbers.TryToLong(number, out long whole))
                return whole;
        }
        throw Refuse(json, Expected);
    }

    protected internal override object ParseOperand(ValueNode literal) =>
        literal is IntValueNode && ExactNumber.TryParse(ExactNumber.TextOf(literal), out ExactNumber number) ? number.Among<long>() : ParseLiteral(literal);

    protected internal override object ParseOperand(JsonElement json) =>
        ExactNumber.TryParse(ExactNumber.TextOf(json), out ExactNumber number) && number.IsWhole ? number.Among<long>() : ParseJson(json);

    protected override void WriteValue(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    protected override ValueNode ToLiteralValue(long value) => new IntValueNode(default, value.ToString(CultureInfo.InvariantCulture));

    protected override bool TryConvert(object value, out long converted) => WholeNumbers.TryToLong(value, out converted);
}
