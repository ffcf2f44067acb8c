using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A whole number in a CLR type's range, written as a JSON number.</summary>
public abstract class BoundedWholeNumberType<T> : ScalarType<T> where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly string expected = $"a whole number from {T.MinValue} to {T.MaxValue}";

    private protected BoundedWholeNumberType(string name, string specification) : base(name)
    {
        Description = $"A whole number from {T.MinValue} to {T.MaxValue}.";
        SpecifiedBy = new Uri($"https://scalars.graphql.org/chillicream/{specification}.html");
    }

    public sealed override object ParseLiteral(ValueNode literal) =>
        literal is IntValueNode node && TryParse(node.Value, out T value) ? value : throw Refuse(literal, expected);

    public sealed override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && TryParse(json.GetRawText(), out T value) ? value : throw Refuse(json, expected);

    protected internal sealed override object ParseOperand(ValueNode literal) =>
        literal is IntValueNode && ExactNumber.TryParse(ExactNumber.TextOf(literal), out ExactNumber number) ? number.Among<T>() : ParseLiteral(literal);

    protected internal sealed override object ParseOperand(JsonElement json) =>
        ExactNumber.TryParse(ExactNumber.TextOf(json), out ExactNumber number) && number.IsWhole ? number.Among<T>() : ParseJson(json);

    protected sealed override void WriteValue(Utf8JsonWriter writer, T value) =>
        writer.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture), skipInputValidation: true);

    protected sealed override ValueNode ToLiteralValue(T value) => new IntValueNode(default, value.ToString(null, CultureInfo.InvariantCulture));

    private static bool TryParse(string text, out T value) => T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}

/// <inheritdoc/>
public sealed class ShortType() : BoundedWholeNumberType<short>("Short", "short");

/// <inheritdoc/>
public sealed class ByteType() : BoundedWholeNumberType<sbyte>("Byte", "byte");

/// <inheritdoc/>
public sealed class UnsignedByteType() : BoundedWholeNumberType<byte>("UnsignedByte", "unsigned-byte");

/// <inheritdoc/>
public sealed class UnsignedShortType() : BoundedWholeNumberType<ushort>("UnsignedShort", "unsigned-short");

/// <inheritdoc/>
public sealed class UnsignedIntType() : BoundedWholeNumberType<uint>("UnsignedInt", "unsigned-int");

/// <inheritdoc/>
public sealed class UnsignedLongType() : BoundedWholeNumberType<ulong>("UnsignedLong", "unsigned-long");
