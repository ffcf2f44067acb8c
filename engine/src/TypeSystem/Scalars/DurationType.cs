using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A duration in ISO 8601 format, in days and smaller units: years and months have no fixed length.</summary>
public sealed partial class DurationType : ScalarType<TimeSpan>
{
    private const string Expected = "an ISO 8601 duration in days or smaller units, such as \"P1DT12H\"";

    public DurationType() : base("Duration") =>
        Description = "A duration in ISO 8601 format, in days, hours, minutes and seconds, such as \"P1DT12H\" or \"PT0.5S\".";

    public override object ParseLiteral(ValueNode literal) =>
        literal is StringValueNode node && TryParse(node.Value, out TimeSpan value) ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && TryParse(json.GetString()!, out TimeSpan value) ? value : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, TimeSpan value) => writer.WriteStringValue(XmlConvert.ToString(value));

    protected override ValueNode ToLiteralValue(TimeSpan value) => new StringValueNode(default, XmlConvert.ToString(value));

    private static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        if (!Shape().IsMatch(text))
            return false;
        try
        {
            value = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^-?P(\d{1,8}D)?(T(\d{1,9}H)?(\d{1,10}M)?(\d{1,12}(\.\d{1,7})?S)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
