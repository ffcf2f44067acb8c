namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Schema"/>: whether a schema keeps the rules for schemas and types.</summary>
public static class SchemaValidator
{
    /// <summary>One message for each broken rule, naming its place by schema coordinate; none for a valid schema.</summary>
    public static IReadOnlyList<string> Validate(Schema schema)
    {
        var problems = new List<string>();
        if (new[] { schema.QueryType, schema.MutationType, schema.SubscriptionType }.OfType<ObjectType>().GroupBy(root => root).Any(root => root.Count() > 1))
            problems.Add("schema: query, mutation and subscription start at different types.");
        return problems;
    }
}
