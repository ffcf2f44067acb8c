using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// <c>authorization.csv</c>: a row for each field of each object type. It holds either the outcome for each caller, which is
/// <c>allowed</c>, <c>null</c> (nothing, without a reason) or <c>refused</c>; or <c>as</c> and the only root fields that lead to the
/// type, so that a caller who may not use them never sees it.
/// </summary>
internal sealed class Matrix
{
    public static readonly string[] Callers = ["anonymous", "renter", "other renter", "farmer", "other farmer", "partner", "operator"];
    private const string As = "as ";
    private readonly Dictionary<string, string[]> cells = [];
    private readonly Dictionary<string, string[]> carriers = [];

    private Matrix()
    {
    }

    public IEnumerable<string> Fields => cells.Keys.Concat(carriers.Keys);

    /// <summary>Fields that every caller requests.</summary>
    public IEnumerable<string> Walked => cells.Keys;

    /// <summary>Fields with the root fields that lead to their type.</summary>
    public IReadOnlyDictionary<string, string[]> Carried => carriers;

    public string this[string field, string caller] => cells[field][Array.IndexOf(Callers, caller)];

    public static string Path => RepositoryRoot.Combine("tests", "Mycelium.GraphQL.Tests", "Authorization", "authorization.csv");

    public static Matrix Read()
    {
        string[] lines = File.ReadAllLines(Path);
        Assert.Equal(string.Join(',', ["field", .. Callers]), lines[0]);
        var matrix = new Matrix();
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            if (cells is [{ } field, { } carried] && carried.StartsWith(As, StringComparison.Ordinal))
                matrix.carriers.Add(field, carried[As.Length..].Split(' '));
            else if (cells.Length == Callers.Length + 1)
                matrix.cells.Add(cells[0], cells[1..]);
            else
                Assert.Fail($"Not a row of the matrix: {string.Join(',', cells)}");
        }
        return matrix;
    }
}
