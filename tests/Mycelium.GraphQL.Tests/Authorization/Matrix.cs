using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// <c>authorization.csv</c>: a row for each field that is requested by each caller, with what each gets of it: <c>allowed</c>, <c>null</c> (nothing, and no word about why) or
/// <c>refused</c>. Fields that need arguments, or show more with them, have them last, with commas as they come. Mutations do what was done already, so that they may be sent
/// again and again.
/// </summary>
internal sealed class Matrix
{
    public static readonly string[] Callers = ["anonymous", "renter", "other renter", "farmer", "other farmer", "partner", "operator"];
    private readonly Dictionary<string, string[]> cells = [];

    private Matrix()
    {
    }

    public IReadOnlyCollection<string> Fields => cells.Keys;

    public string this[string field, string caller] => cells[field][1 + Array.IndexOf(Callers, caller)];

    private static string Path => RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Authorization", "authorization.csv");

    /// <summary>With their parentheses; empty where the field has none.</summary>
    public string ArgumentsOf(string field) => cells[field] is [.., var arguments] row && row.Length == Callers.Length + 2 ? $"({arguments})" : "";

    public static Matrix Read()
    {
        string[] lines = File.ReadAllLines(Path);
        Assert.Equal(string.Join(',', ["field", .. Callers, "arguments"]), lines[0]);
        var matrix = new Matrix();
        foreach (string[] row in lines.Skip(1).Select(line => line.Split(',', Callers.Length + 2)))
        {
            Assert.True(row.Length > Callers.Length, $"No row of the matrix: {string.Join(',', row)}");
            matrix.cells.Add(row[0], row);
        }
        return matrix;
    }
}
