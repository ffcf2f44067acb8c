using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mycelium.Infrastructure.Postgres.Schema;

/// <summary>A file of functions, triggers or views that PostgreSQL runs: one rule, with all that belongs to it. It can be run again at any time.</summary>
/// <param name="Name">The file below <c>Schema/Definitions</c>: <c>Slices.count_slices</c>.</param>
/// <param name="Number">
/// From the file's first line, <c>-- definition 7</c>. It grows with every released change, so that a replica of an older release, which may restart in the
/// middle of an upgrade, does not put its text over a newer one. A changed signature is a new function under a new name, and the old one stays for one release.
/// </param>
/// <param name="Text">What is run, in one transaction.</param>
internal sealed record SchemaDefinition(string Name, int Number, string Text)
{
    private const string Folder = "Schema.Definitions.";
    private const string FirstWords = "-- definition ";

    public static IReadOnlyList<SchemaDefinition> All { get; } =
        [.. SqlFiles.Below(Folder).Select(file => Parse(file[Folder.Length..^".sql".Length], SqlFiles.Read(file)))];

    public byte[] Checksum { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <exception cref="FormatException">The first line is not <c>-- definition </c> and a positive number.</exception>
    public static SchemaDefinition Parse(string name, string text)
    {
        text = text.ReplaceLineEndings("\n"); // The checksum must not depend on where the file was checked out.
        string first = text.Split('\n', 2)[0];
        return first.StartsWith(FirstWords, StringComparison.Ordinal)
            && int.TryParse(first[FirstWords.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? new(name, number, text)
            : throw new FormatException($"{name}.sql must begin with the line \"-- definition\" and a positive number, not with \"{first}\".");
    }
}
