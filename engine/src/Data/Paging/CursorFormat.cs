using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Cursors of one sort order: base64url of a fingerprint of the order, the item's keys, and the host's seal if there is one. A cursor of another
/// order is rejected. Cursors are not secret. Without a seal they are not proof either: a forged cursor is just another position.
/// </summary>
internal sealed class CursorFormat
{
    /// <summary>A cursor holds only keys; a longer one is not ours.</summary>
    private const int LengthMax = 8 * 1024;

    private const int PrintLength = 4;
    private const byte NullMark = 0;
    private const byte ValueMark = 1;

    private readonly byte[] purpose;
    private readonly ICursorSeal? seal;
    private readonly KeyCodec[] codecs;
    private readonly bool[] areNullable;

    public static CursorFormat Of(Type itemType, IReadOnlyList<OrderKey> keys, ICursorSeal? seal) =>
        Of(itemType, [.. keys.Select(key => new CursorKey(key.Name, key.Selector.ReturnType, key.IsNullable, key.IsDescending))], seal);

    public static CursorFormat Of(Type itemType, CursorKey[] keys, ICursorSeal? seal)
    {
        string order = string.Join(',', keys.Select(key => $"{key.Name} {(key.IsDescending ? "DESC" : "ASC")}"));
        return new CursorFormat($"{itemType.FullName}:{order}", keys, seal);
    }

    private CursorFormat(string order, CursorKey[] keys, ICursorSeal? seal)
    {
        purpose = SHA256.HashData(Encoding.UTF8.GetBytes(order));
        this.seal = seal;
        codecs = [.. keys.Select(key => KeyCodec.Find(key.Type)
            ?? throw new InvalidOperationException($"Items cannot be paged by {key.Name}, which has type {key.Type.Name}."))];
        areNullable = [.. keys.Select(key => key.IsNullable)];
    }

    public string Write(object?[] keys)
    {
        List<byte> cursor = [.. Print];
        for (int i = 0; i < codecs.Length; i++)
        {
            cursor.Add(keys[i] is null ? NullMark : ValueMark);
            if (keys[i] is { } key)
                codecs[i].Write(cursor, key);
        }
        if (seal is not null)
        {
            int length = cursor.Count;
            CollectionsMarshal.SetCount(cursor, length + seal.Length);
            Span<byte> all = CollectionsMarshal.AsSpan(cursor);
            seal.Write(purpose, all[..length], all[length..]);
        }
        return Base64Url.EncodeToString(CollectionsMarshal.AsSpan(cursor));
    }

    /// <exception cref="GraphQLException">The text is not a cursor, or it is one of another list or order.</exception>
    public object?[] Read(string argument, string text)
    {
        if (text.Length is 0 or > LengthMax || !Base64Url.IsValid(text))
            throw Refuse($"`{argument}` is not a cursor from this API.");
        ReadOnlySpan<byte> rest = Base64Url.DecodeFromChars(text);
        if (!rest.StartsWith(Print))
            throw Refuse($"`{argument}` is a cursor of another list or order; use a cursor from this list in the same order.");
        if (seal is not null)
        {
            int length = rest.Length - seal.Length;
            if (length < PrintLength || !seal.Fits(purpose, rest[..length], rest[length..]))
                throw Refuse($"`{argument}` is not a cursor from this API. Read the list again from its start.");
            rest = rest[..length];
        }

        rest = rest[PrintLength..];
        var keys = new object?[codecs.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            if (!TryReadKey(ref rest, i, out keys[i]))
                throw Refuse($"`{argument}` is a damaged cursor.");
        }
        return rest.IsEmpty ? keys : throw Refuse($"`{argument}` is a damaged cursor.");
    }

    private ReadOnlySpan<byte> Print => purpose.AsSpan(0, PrintLength);

    private bool TryReadKey(ref ReadOnlySpan<byte> rest, int index, out object? key)
    {
        key = null;
        if (rest.IsEmpty)
            return false;
        byte mark = rest[0];
        rest = rest[1..];
        if (mark == NullMark)
            return areNullable[index];
        return mark == ValueMark && codecs[index].TryRead(ref rest, out key!);
    }

    private static GraphQLException Refuse(string message) => new(message, ErrorCodes.InvalidCursor);
}

/// <summary>One key of a sort order, as a cursor stores it.</summary>
/// <param name="Name">Identifies the key: the path of its properties.</param>
internal readonly record struct CursorKey(string Name, Type Type, bool IsNullable, bool IsDescending);
