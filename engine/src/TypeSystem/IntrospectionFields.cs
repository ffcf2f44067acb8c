namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#sec-Introspection"/>: the fields that exist without being listed by their types.
/// </summary>
/// <param name="TypeName"><c>__typename: String!</c>; resolved by the executor, which alone knows the object type.</param>
/// <param name="Schema"><c>__schema: __Schema!</c></param>
/// <param name="Type"><c>__type(name: String!): __Type</c></param>
internal sealed record IntrospectionFields(FieldDefinition TypeName, FieldDefinition Schema, FieldDefinition Type);
