using System.Globalization;
using System.Text;

namespace Mycelium.GraphQL.Billing;

/// <summary>Lines of comma-separated values (RFC 4180), which programs read as they are and spreadsheets never run as formulas.</summary>
internal sealed class CsvText
{
    /// <summary>A cell that begins with one of these is a formula to some spreadsheet. An apostrophe before it makes it text to all.</summary>
    private const string FormulaStarts = "=+-@\t\r\n";

    private readonly StringBuilder lines = new();
    private bool isFirst = true;

    public CsvText Text(string? text)
    {
        Separate();
        string safe = text is [var start, ..] && FormulaStarts.Contains(start, StringComparison.Ordinal) ? $"'{text}" : text ?? "";
        if (safe.AsSpan().IndexOfAny(",\"\r\n") >= 0)
            lines.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            lines.Append(safe);
        return this;
    }

    /// <summary>A number as it is: a minus before digits is a number to every spreadsheet.</summary>
    public CsvText Number<T>(T number) where T : struct
    {
        Separate();
        lines.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public CsvText EndLine()
    {
        lines.Append("\r\n");
        isFirst = true;
        return this;
    }

    /// <summary>The lines so far as UTF-8; they are gone from here.</summary>
    public byte[] Take()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
        lines.Clear();
        return bytes;
    }

    private void Separate()
    {
        if (!isFirst)
            lines.Append(',');
        isFirst = false;
    }
}
