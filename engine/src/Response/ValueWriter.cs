using System.Buffers.Text;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>Writes values of one CLR type, as their GraphQL type shows them.</summary>
internal abstract class ValueWriter<TValue>
{
    /// <summary>False, with nothing written, for a value that cannot be shown this way.</summary>
    public abstract bool TryWrite(ResponseBuffer buffer, TValue value);
}

internal sealed class NullableWriter<TValue>(ValueWriter<TValue> writer) : ValueWriter<TValue?> where TValue : struct
{
    public override bool TryWrite(ResponseBuffer buffer, TValue? value) => value is { } present && writer.TryWrite(buffer, present);
}

internal sealed class TextWriter : ValueWriter<string?>
{
    public override bool TryWrite(ResponseBuffer buffer, string? value)
    {
        if (value is null)
            return false;
        buffer.WriteString(value);
        return true;
    }
}

internal sealed class IntWriter : ValueWriter<int>
{
    public override bool TryWrite(ResponseBuffer buffer, int value)
    {
        buffer.WriteNumber(value);
        return true;
    }
}

internal sealed class LongWriter : ValueWriter<long>
{
    public override bool TryWrite(ResponseBuffer buffer, long value)
    {
        buffer.WriteNumber(value);
        return true;
    }
}

internal sealed class DoubleWriter : ValueWriter<double>
{
    public override bool TryWrite(ResponseBuffer buffer, double value)
    {
        if (!double.IsFinite(value))
            return false;
        buffer.WriteNumber(value);
        return true;
    }
}

internal sealed class FlagWriter : ValueWriter<bool>
{
    public override bool TryWrite(ResponseBuffer buffer, bool value)
    {
        buffer.Write(value ? "true"u8 : "false"u8);
        return true;
    }
}

/// <summary>Names of an enum's values, which are few and small numbers; any other value takes the slow path.</summary>
internal sealed class NameWriter<TEnum> : ValueWriter<TEnum> where TEnum : struct, Enum
{
    private const int ValueMax = 255;
    private readonly byte[]?[] names;

    public NameWriter(EnumType type)
    {
        EnumValue[] known =
            [.. type.Values.Where(value => value.Value is TEnum number && Number(number) is >= 0 and <= ValueMax).DistinctBy(value => value.Value)];
        names = new byte[known.Length == 0 ? 0 : known.Max(value => Number((TEnum)value.Value)) + 1][];
        foreach (EnumValue value in known)
            names[Number((TEnum)value.Value)] = Encoding.UTF8.GetBytes($"\"{value.Name}\"");
    }

    public override bool TryWrite(ResponseBuffer buffer, TEnum value)
    {
        uint number = (uint)Number(value);
        if (number >= (uint)names.Length || names[number] is not { } name)
            return false;
        buffer.Write(name);
        return true;
    }

    private static int Number(TEnum value) => Unsafe.As<TEnum, int>(ref value);
}

/// <summary>Global ids of numbers: base64 of <c>TypeName:number</c>.</summary>
internal sealed class IdWriter<TValue>(byte[] prefix, Func<TValue, long> number) : ValueWriter<TValue>
{
    private const int DigitsMax = 20;

    public override bool TryWrite(ResponseBuffer buffer, TValue value)
    {
        Span<byte> text = stackalloc byte[IdWriter.PrefixMax + DigitsMax];
        prefix.CopyTo(text);
        Utf8Formatter.TryFormat(number(value), text[prefix.Length..], out int digits);
        int length = prefix.Length + digits;
        buffer.Add((byte)'"');
        Base64.EncodeToUtf8(text[..length], buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(length)), out _, out int written);
        buffer.Advance(written);
        buffer.Add((byte)'"');
        return true;
    }
}

internal static class IdWriter
{
    public const int PrefixMax = 128;

    /// <summary>Null for ids that are not 64-bit numbers.</summary>
    public static object? Of(Type type, string typeName)
    {
        byte[] prefix = Encoding.UTF8.GetBytes($"{typeName}:");
        bool isWrapped = type != typeof(long);
        if (prefix.Length > PrefixMax || (isWrapped && ValueWrapper.Of(type)?.Inner != typeof(long)))
            return null;
        ParameterExpression value = Expression.Parameter(type);
        Expression number = isWrapped ? Expression.Property(value, "Value") : value;
        Delegate read = Expression.Lambda(typeof(Func<,>).MakeGenericType(type, typeof(long)), number, value).Compile();
        return Activator.CreateInstance(typeof(IdWriter<>).MakeGenericType(type), prefix, read);
    }
}
