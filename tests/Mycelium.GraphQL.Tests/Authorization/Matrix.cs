using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// <c>authorization.csv</c>: a row for each field that every caller requests, with the outcome for each caller, which is <c>allowed</c>, <c>null</c>
/// (nothing, without a reason) or <c>refused</c>. Arguments of fields that need them, or return more with them, come last and may contain commas.
/// Mutations repeat what is already done, so that they can be sent many times.
/// </summary>
internal sealed class Matrix
{
    public static readonly string[] Callers = ["anonymous", "renter", "other renter", "farmer", "other farmer", "partner", "operator"];
    private readonly Dictionary<string, string[]> cells = [];

    private Matrix()
    {
    }

    public IReadOnlyCollection<string> Fields => cells.Keys;

    private static string Path => RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Authorization", "authorization.csv");

    public string this[string field, string caller] => cells[field][1 + Array.IndexOf(Callers, caller)];

    /// <summary>The arguments with their parentheses; empty for a field without any.</summary>
    public string ArgumentsOf(string field) => cells[field] is [.., var arguments] row && row.Length == Callers.Length + 2 ? $"({arguments})" : "";

    public static Matrix Read()
    {
        string[] lines = File.ReadAllLines(Path);
        Assert.Equal(string.Join(',', ["field", .. Callers, "arguments"]), lines[0]);
        var matrix = new Matrix();
        foreach (string[] row in lines.Skip(1).Select(line => line.Split(',', Callers.Length + 2)))
        {
            Assert.True(row.Length > Callers.Length, $"Not a row of the matrix: {string.Join(',', row)}");
            matrix.cells.Add(row[0], row);
        }
        return matrix;
    }
}
