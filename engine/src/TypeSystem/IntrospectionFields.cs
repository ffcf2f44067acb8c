namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Introspection"/>: the fields that are there without being listed by their types.</summary>
/// <param name="TypeName"><c>__typename: String!</c>; the executor answers it, since it alone knows the object type at hand.</param>
/// <param name="Schema"><c>__schema: __Schema!</c></param>
/// <param name="Type"><c>__type(name: String!): __Type</c></param>
internal sealed record IntrospectionFields(FieldDefinition TypeName, FieldDefinition Schema, FieldDefinition Type);
