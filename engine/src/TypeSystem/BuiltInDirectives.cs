using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Type-System.Directives.Built-in-Directives"/></summary>
internal static class BuiltInDirectives
{
    public const string DefaultDeprecationReason = "No longer supported";

    public static IReadOnlyList<DirectiveDefinition> Create(StringType text, BooleanType flag) =>
    [
        New("skip", "Skips this field or fragment when the condition is true.",
            [Argument("if", new NonNullType(flag))],
            DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment),
        New("include", "Includes this field or fragment only when the condition is true.",
            [Argument("if", new NonNullType(flag))],
            DirectiveLocations.Field, DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment),
        New("deprecated", "Marks something that clients should no longer use, and says why or what to use instead.",
            [Argument("reason", new NonNullType(text), new StringValueNode(default, DefaultDeprecationReason))],
            DirectiveLocations.FieldDefinition, DirectiveLocations.ArgumentDefinition, DirectiveLocations.InputFieldDefinition, DirectiveLocations.EnumValue),
        New("specifiedBy", "Links to the specification of this custom scalar.", [Argument("url", new NonNullType(text))], DirectiveLocations.Scalar),
        New("oneOf", "Exactly one field of this input object must be given, and it must not be null.", [], DirectiveLocations.InputObject),
    ];

    private static InputValueDefinition Argument(string name, GraphQLType type, ValueNode? defaultValue = null) =>
        new(name, type) { DefaultValue = defaultValue };

    private static DirectiveDefinition New(string name, string description, InputValueDefinition[] arguments, params string[] locations) =>
        new(name, new FieldCollection<InputValueDefinition>(arguments), locations) { Description = description, IsBuiltIn = true };
}
