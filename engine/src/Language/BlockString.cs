using System.Text;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#BlockStringValue()"/> and back to text.</summary>
internal static class BlockString
{
    /// <summary>A longer single line is printed on a line of its own.</summary>
    private const int InlineLengthMax = 70;

    /// <summary>The value of a block string from the text between its quotes: common indent and blank outer lines are layout, not content.</summary>
    public static string Decode(ReadOnlySpan<char> raw, bool hasEscapes)
    {
        ReadOnlySpan<char> text = hasEscapes ? raw.ToString().Replace("\\\"\"\"", "\"\"\"", StringComparison.Ordinal) : raw;
        if (text.IndexOfAny('\n', '\r') < 0)
            return text.IndexOfAnyExcept(' ', '\t') < 0 ? "" : text.ToString();

        int commonIndent = int.MaxValue;
        int firstContent = -1, lastContent = -1, index = 0;
        foreach (ReadOnlySpan<char> line in new LineEnumerator(text))
        {
            int indent = line.IndexOfAnyExcept(' ', '\t');
            if (indent >= 0)
            {
                if (index > 0)
                    commonIndent = Math.Min(commonIndent, indent);
                firstContent = firstContent < 0 ? index : firstContent;
                lastContent = index;
            }
            index++;
        }

        var value = new StringBuilder(text.Length);
        index = 0;
        foreach (ReadOnlySpan<char> line in new LineEnumerator(text))
        {
            if (index >= firstContent && index <= lastContent && firstContent >= 0)
            {
                if (index > firstContent)
                    value.Append('\n');
                value.Append(index == 0 ? line : line[Math.Min(commonIndent, line.Length)..]);
            }
            index++;
        }
        return value.ToString();
    }

    /// <summary>False when no block string has this value: control characters, or white space that decoding would remove.</summary>
    public static bool CanHold(string value)
    {
        if (value.Length == 0)
            return true;
        bool lineIsBlank = true, lineIsIndented = false, allIndented = true, isMultiline = false;
        foreach (char character in value)
        {
            switch (character)
            {
                case '\n':
                    if (lineIsBlank && !isMultiline)
                        return false;
                    isMultiline = true;
                    lineIsBlank = true;
                    lineIsIndented = false;
                    break;
                case ' ' or '\t':
                    lineIsIndented |= lineIsBlank;
                    break;
                case < ' ':
                    return false;
                default:
                    allIndented &= lineIsIndented;
                    lineIsBlank = false;
                    break;
            }
        }
        return !lineIsBlank && !(allIndented && isMultiline);
    }

    /// <summary>The literal including its quotes, its lines not yet indented.</summary>
    public static string Encode(string value)
    {
        string escaped = value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal);
        int lines = 0;
        bool restIsIndented = true;
        foreach (ReadOnlySpan<char> line in new LineEnumerator(escaped))
            restIsIndented &= lines++ == 0 || line.IsEmpty || line[0] is ' ' or '\t';

        bool isSingleLine = lines == 1;
        bool endsWithQuotes = escaped.EndsWith("\\\"\"\"", StringComparison.Ordinal);
        bool needsLastLine = (value.EndsWith('"') && !endsWithQuotes) || value.EndsWith('\\');
        bool needsFirstLine = !isSingleLine && restIsIndented;
        bool isTall = !isSingleLine || value.Length > InlineLengthMax || needsLastLine || endsWithQuotes;
        bool keepsLeadingSpace = isSingleLine && value.Length > 0 && value[0] is ' ' or '\t';

        string before = (isTall && !keepsLeadingSpace) || needsFirstLine ? "\n" : "";
        string after = isTall ? "\n" : "";
        return $"\"\"\"{before}{escaped}{after}\"\"\"";
    }

    /// <summary>
    /// Lines as GraphQL counts them: only LF, CR and CRLF end one, unlike in <see cref="MemoryExtensions.EnumerateLines(ReadOnlySpan{char})"/>.
    /// </summary>
    private ref struct LineEnumerator(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> rest = text;
        private bool isDone;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly LineEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (isDone)
                return false;
            int end = rest.IndexOfAny('\n', '\r');
            if (end < 0)
            {
                Current = rest;
                isDone = true;
                return true;
            }
            Current = rest[..end];
            rest = rest[(end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1))..];
            return true;
        }
    }
}
