using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Type-System.Directives.Built-in-Directives"/></summary>
internal static class BuiltInDirectives
{
    public const string DefaultDeprecationReason = "No longer supported";

    public static IReadOnlyList<DirectiveDefinition> Create(StringType text, BooleanType flag) =>
    [
        New("skip", "Leaves the field or fragment out when the condition is true.",
            [Argument("if", new NonNullType(flag))],
            DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment),
        New("include", "Keeps the field or fragment only when the condition is true.",
            [Argument("if", new NonNullType(flag))],
            DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment),
        New("deprecated", "Marks what clients should no longer use, and says why or what to use instead.",
            [Argument("reason", new NonNullType(text), new StringValueNode(default, DefaultDeprecationReason))],
            DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition, DirectiveLocations.InputFieldDefinition, DirectiveLocations.EnumValue),
        New("specifiedBy", "Links the specification of a custom scalar.", [Argument("url", new NonNullType(text))], DirectiveLocations.Scalar),
        New("oneOf", "Exactly one field of the input object is given, and it is not null.", [], DirectiveLocations.InputObject),
    ];

    private static InputValueDefinition Argument(string name, GraphQLType type, ValueNode? defaultValue = null) => new(name, type) { DefaultValue = defaultValue };

    private static DirectiveDefinition New(string name, string description, InputValueDefinition[] arguments, params string[] locations) =>
        new(name, new FieldCollection<InputValueDefinition>(arguments), locations) { Description = description, IsBuiltIn = true };
}
