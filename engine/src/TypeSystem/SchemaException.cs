namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A schema that cannot be built. Each problem states its place by schema coordinate, such as <c>Query.node(id:)</c>.</summary>
public sealed class SchemaException(IReadOnlyList<string> problems)
    : Exception($"The schema is not valid.{string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}"))}")
{
    public SchemaException(string problem) : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;

    internal static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw new SchemaException(problems);
    }
}
