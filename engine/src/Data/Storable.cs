using System.Buffers;
using System.Text;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Text that a database can store: PostgreSQL does not allow U+0000, and half a surrogate pair is not a character.</summary>
internal static class Storable
{
    public static string Text(string text) => Is(text) ? text : throw new CoercionException("the text contains a character that cannot be stored.");

    public static bool Is(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
                return false;
            rest = rest[length..];
        }
        return true;
    }
}
