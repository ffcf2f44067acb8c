using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Merging;

/// <summary>
/// Whether values of two types have the same shape in a response: the same wrappers around the same leaf, or around objects of any type.
/// </summary>
internal static class ResponseShape
{
    public static bool IsSame(GraphQLType first, GraphQLType second) => (first, second) switch
    {
        (NonNullType one, NonNullType other) => IsSame(one.Of, other.Of),
        (ListType one, ListType other) => IsSame(one.Of, other.Of),
        (NamedType one, NamedType other) => one == other || !(IsLeaf(one) || IsLeaf(other)),
        _ => false,
    };

    private static bool IsLeaf(NamedType type) => type is ScalarType or EnumType;
}
