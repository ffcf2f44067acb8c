using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>Whole responses as text for Snapshooter, which cannot serialise a <see cref="JsonElement"/>.</summary>
public static partial class Answers
{
    private static readonly JsonSerializerOptions indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Returns indented JSON in which values that differ between runs are masked: cursors, and the <paramref name="masked"/> values by their names.
    /// </summary>
    public static string ToSnapshot(this JsonElement answer, params (string Value, string Name)[] masked)
    {
        string text = Cursor().Replace(JsonSerializer.Serialize(answer, indented), "$1\"<cursor>\"");
        return masked.Aggregate(text, (current, mask) => current.Replace(mask.Value, $"<{mask.Name}>", StringComparison.Ordinal));
    }

    [GeneratedRegex("(\"(?:cursor|startCursor|endCursor)\": )\"[^\"]*\"")]
    private static partial Regex Cursor();
}
