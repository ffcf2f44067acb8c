using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Mycelium.GraphQL.Engine.Relay;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>How keys of one type are encoded in a cursor. Reading rejects whatever writing does not produce.</summary>
internal abstract class KeyCodec
{
    private static readonly ConcurrentDictionary<Type, KeyCodec?> Known = new();

    public abstract void Write(List<byte> cursor, object key);

    /// <summary>False when the bytes are not a key of this type.</summary>
    public abstract bool TryRead(ref ReadOnlySpan<byte> cursor, out object key);

    /// <summary>The codec of a type that items can be sorted by; null for others.</summary>
    public static KeyCodec? Find(Type type) => Known.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Make);

    private static KeyCodec? Make(Type type)
    {
        if (type.IsEnum)
            return new NumberKey(Convert.ToInt64, value => Enum.ToObject(type, value) is var found && Enum.IsDefined(type, found) ? found : null);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => new NumberKey(key => (bool)key ? 1 : 0, value => value is 0 or 1 ? value == 1 : null),
            TypeCode.Int16 => new NumberKey(key => (short)key, value => value == (short)value ? (short)value : null),
            TypeCode.Int32 => new NumberKey(key => (int)key, value => value == (int)value ? (int)value : null),
            TypeCode.Int64 => new NumberKey(key => (long)key, value => value),
            TypeCode.Double => new NumberKey(key => BitConverter.DoubleToInt64Bits((double)key), value => Finite(BitConverter.Int64BitsToDouble(value))),
            TypeCode.Single => new NumberKey(
                key => BitConverter.SingleToInt32Bits((float)key), value => value == (int)value ? Finite(BitConverter.Int32BitsToSingle((int)value)) : null),
            TypeCode.DateTime => new NumberKey(key => ((DateTime)key).Ticks, value => IsInstant(value) ? new DateTime(value, DateTimeKind.Utc) : null),
            TypeCode.Decimal => new BytesKey(WriteDecimal, bytes => ReadDecimal(bytes)),
            TypeCode.String => new BytesKey(key => Encoding.UTF8.GetBytes((string)key), ReadText),
            _ when type == typeof(DateTimeOffset) =>
                new NumberKey(key => ((DateTimeOffset)key).UtcTicks, value => IsInstant(value) ? new DateTimeOffset(value, TimeSpan.Zero) : null),
            _ when type == typeof(TimeSpan) => new NumberKey(key => ((TimeSpan)key).Ticks, value => new TimeSpan(value)),
            _ when type == typeof(DateOnly) => new NumberKey(
                key => ((DateOnly)key).DayNumber, value => value >= 0 && value <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)value) : null),
            _ when type == typeof(Guid) => new BytesKey(key => ((Guid)key).ToByteArray(), bytes => bytes.Length == 16 ? new Guid(bytes) : null),
            _ => ValueWrapper.Of(type) is { } wrapper && Find(wrapper.Inner) is { } inner ? new WrappedKey(wrapper, inner) : null,
        };
    }

    private static object? Finite<T>(T value) where T : System.Numerics.IFloatingPoint<T> => T.IsFinite(value) ? value : null;

    private static bool IsInstant(long ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;

    private static byte[] WriteDecimal(object key)
    {
        var bytes = new byte[16];
        int[] parts = decimal.GetBits((decimal)key);
        for (int i = 0; i < parts.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), parts[i]);
        return bytes;
    }

    private static decimal? ReadDecimal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 16)
            return null;
        var parts = new int[4];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        int scale = (parts[3] >> 16) & 0xFF;
        return scale <= 28 && (parts[3] & 0x7F00FFFF) == 0 ? new decimal(parts) : null;
    }

    private static string? ReadText(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        return Storable.Is(text) ? text : null;
    }
}

/// <summary>A key that fits into 64 bits, written in as few bytes as it needs.</summary>
internal sealed class NumberKey(Func<object, long> toNumber, Func<long, object?> fromNumber) : KeyCodec
{
    public override void Write(List<byte> cursor, object key) => Varint.Write(cursor, toNumber(key));

    public override bool TryRead(ref ReadOnlySpan<byte> cursor, out object key)
    {
        key = null!;
        if (!Varint.TryRead(ref cursor, out long number))
            return false;
        key = fromNumber(number)!;
        return key is not null;
    }
}

/// <summary>A key of any length, prefixed with its length.</summary>
internal sealed class BytesKey(Func<object, byte[]> toBytes, BytesKey.KeyReader fromBytes) : KeyCodec
{
    public delegate object? KeyReader(ReadOnlySpan<byte> bytes);

    public override void Write(List<byte> cursor, object key)
    {
        byte[] bytes = toBytes(key);
        Varint.Write(cursor, bytes.Length);
        cursor.AddRange(bytes);
    }

    public override bool TryRead(ref ReadOnlySpan<byte> cursor, out object key)
    {
        key = null!;
        if (!Varint.TryRead(ref cursor, out long length) || length < 0 || length > cursor.Length)
            return false;
        key = fromBytes(cursor[..(int)length])!;
        cursor = cursor[(int)length..];
        return key is not null;
    }
}

/// <summary>A struct around one value: an id or a unit.</summary>
internal sealed class WrappedKey(ValueWrapper wrapper, KeyCodec inner) : KeyCodec
{
    public override void Write(List<byte> cursor, object key) => inner.Write(cursor, wrapper.Unwrap(key));

    public override bool TryRead(ref ReadOnlySpan<byte> cursor, out object key)
    {
        key = inner.TryRead(ref cursor, out object value) ? wrapper.TryWrap(value)! : null!;
        return key is not null;
    }
}
