using System.Buffers;
using System.Text;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Cuts the text of a JSON list or object into the texts of its members without reading what is in them: a member with nonsense between its brackets, or nested
/// a thousand deep, is lost without its neighbours. Unmatched brackets lose the whole text. It follows strings and brackets only, and takes as
/// long as the text is.
/// </summary>
internal static class JsonCut
{
    private static readonly SearchValues<byte> structure = SearchValues.Create("\"[]{},"u8);
    private static readonly SearchValues<byte> stringEnds = SearchValues.Create("\"\\"u8);

    /// <summary>The longest name that a field of ours has, and some more.</summary>
    private const int NameLengthMax = 64;

    /// <summary>The members of a list. Null when the text is not a list from beginning to end, or has more than <paramref name="max"/> members.</summary>
    public static List<ReadOnlyMemory<byte>>? List(ReadOnlyMemory<byte> text, int max) => Members(text, (byte)'[', (byte)']', max);

    /// <summary>
    /// The fields of an object that <paramref name="names"/> knows, whatever the case of their names; of two with one name the last. Null when the text is not
    /// an object.
    /// </summary>
    public static Dictionary<string, ReadOnlyMemory<byte>>? Fields(ReadOnlyMemory<byte> text, FieldNames names)
    {
        if (Members(text, (byte)'{', (byte)'}', int.MaxValue) is not { } members)
            return null;
        var fields = new Dictionary<string, ReadOnlyMemory<byte>>(names.Count);
        foreach (ReadOnlyMemory<byte> member in members)
        {
            ReadOnlySpan<byte> span = member.Span;
            if (span.Length == 0 || span[0] != '"' || EndOfString(span, 0) is not (> 0 and var nameEnd))
                continue;
            ReadOnlyMemory<byte> rest = Trim(member[nameEnd..]);
            if (rest.Length > 0 && rest.Span[0] == ':' && names.Find(span[1..(nameEnd - 1)]) is { } name)
                fields[name] = Trim(rest[1..]);
        }
        return fields;
    }

    private static List<ReadOnlyMemory<byte>>? Members(ReadOnlyMemory<byte> text, byte open, byte close, int max)
    {
        text = Trim(text);
        ReadOnlySpan<byte> span = text.Span;
        if (span.Length < 2 || span[0] != open || span[^1] != close)
            return null;

        var members = new List<ReadOnlyMemory<byte>>();
        int depth = 0, begin = 1, at = 1;
        while (span[at..].IndexOfAny(structure) is >= 0 and var step)
        {
            at += step;
            switch (span[at])
            {
                case (byte)'"' when EndOfString(span, at) is > 0 and var end:
                    at = end;
                    continue;
                case (byte)'"':
                    return null;
                case (byte)'[' or (byte)'{':
                    depth++;
                    break;
                case (byte)',' when depth == 0:
                    members.Add(Trim(text[begin..at]));
                    begin = at + 1;
                    break;
                case (byte)']' or (byte)'}' when --depth < 0:
                    ReadOnlyMemory<byte> last = Trim(text[begin..at]);
                    if (last.Length > 0 || members.Count > 0)
                        members.Add(last);
                    return at == span.Length - 1 && members.Count <= max ? members : null;
            }
            if (members.Count > max)
                return null;
            at++;
        }
        return null;
    }

    /// <summary>Where the string that begins at <paramref name="at"/> has ended, or -1.</summary>
    private static int EndOfString(ReadOnlySpan<byte> span, int at)
    {
        at++;
        while (at < span.Length && span[at..].IndexOfAny(stringEnds) is >= 0 and var step)
        {
            at += step;
            if (span[at] == '"')
                return at + 1;
            at += 2; // What a backslash escapes.
        }
        return -1;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text) => text.Trim(" \t\r\n"u8);

    /// <summary>Names of fields, found without making text of those that are not among them.</summary>
    internal sealed class FieldNames(params string[] names)
    {
        private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> byName =
            names.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

        public int Count => names.Length;

        public string? Find(ReadOnlySpan<byte> name)
        {
            Span<char> letters = stackalloc char[NameLengthMax];
            return name.Length <= NameLengthMax && Encoding.UTF8.TryGetChars(name, letters, out int length)
                && byName.TryGetValue(letters[..length], out string? known)
                    ? known
                    : null;
        }
    }
}
