using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An angle on the globe in degrees, within its range for input and output.</summary>
public abstract class CoordinateType : ScalarType<double>
{
    private readonly double max;
    private readonly string expected;

    private protected CoordinateType(string name, double max, string description) : base(name)
    {
        this.max = max;
        expected = string.Create(CultureInfo.InvariantCulture, $"degrees from -{max} to {max}");
        Description = description;
        SpecifiedBy = new Uri("https://www.rfc-editor.org/rfc/rfc5870");
    }

    public sealed override object ParseLiteral(ValueNode literal) =>
        (literal as FloatValueNode)?.Value is { } text || (text = (literal as IntValueNode)?.Value) is not null
            ? double.Parse(text, CultureInfo.InvariantCulture) is var value && IsInRange(value) ? value : throw Refuse(literal, expected)
            : throw Refuse(literal, expected);

    public sealed override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && IsInRange(value) ? value : throw Refuse(json, expected);

    protected sealed override void WriteValue(Utf8JsonWriter writer, double value) =>
        writer.WriteNumberValue(
            IsInRange(value) ? value : throw new CoercionException($"{Name} cannot represent {value.ToString(CultureInfo.InvariantCulture)}."));

    protected sealed override ValueNode ToLiteralValue(double value) => new FloatValueNode(default, value.ToString("R", CultureInfo.InvariantCulture));

    private bool IsInRange(double value) => Math.Abs(value) <= max;
}

/// <summary>Degrees north of the equator.</summary>
public sealed class LatitudeType() : CoordinateType("Latitude", 90, "Degrees north of the equator by WGS 84, from -90 to 90.");

/// <summary>Degrees east of Greenwich.</summary>
public sealed class LongitudeType() : CoordinateType("Longitude", 180, "Degrees east of Greenwich by WGS 84, from -180 to 180.");
