namespace Mycelium.GraphQL.Engine.Language;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#DirectiveLocation"/>: the names that may follow <c>on</c>, in the specification's order.
/// </summary>
internal static class DirectiveLocationNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION",
        "SCHEMA", "SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT",
        "INPUT_FIELD_DEFINITION",
    ];
}
