using System.Text;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Text in which every line, including those inside appended text, starts with the indent at that point.</summary>
internal sealed class IndentedWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public IndentedWriter Line()
    {
        text.Append('\n').Append(' ', depth * 2);
        return this;
    }

    public IndentedWriter Append(char character)
    {
        text.Append(character);
        return this;
    }

    public IndentedWriter Append(ReadOnlySpan<char> value)
    {
        int end;
        while ((end = value.IndexOf('\n')) >= 0)
        {
            text.Append(value[..end]);
            Line();
            value = value[(end + 1)..];
        }
        text.Append(value);
        return this;
    }

    /// <summary>Opens an indented part; the caller starts its first line.</summary>
    public void Indent() => depth++;

    public void Outdent() => depth--;

    public override string ToString() => text.ToString();
}
