using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// The directives of incremental delivery, as proposed to the specification (<see href="https://github.com/graphql/graphql-spec/pull/1110"/>). A
/// schema that has one of them lets clients use it. Unlike built-in directives they are printed, since tools do not know them.
/// </summary>
internal static class IncrementalDirectives
{
    public const string Defer = "defer";
    public const string Stream = "stream";
    public const string If = "if";
    public const string Label = "label";
    public const string InitialCount = "initialCount";

    public static DirectiveDefinition CreateDefer(StringType text, BooleanType flag) => New(
        Defer, "Delivers this fragment after the rest of the response, if the transport supports more than one result.",
        [Condition(flag), LabelArgument(text)], DirectiveLocations.FragmentSpread, DirectiveLocations.InlineFragment);

    public static DirectiveDefinition CreateStream(StringType text, BooleanType flag, IntType number) => New(
        Stream, "Delivers the first items of this list with the response and the others later, if the transport supports more than one result.",
        [
            Argument(InitialCount, new NonNullType(number), "How many items to deliver with the response.", new IntValueNode(default, "0")),
            Condition(flag),
            LabelArgument(text),
        ],
        DirectiveLocations.Field);

    private static InputValueDefinition Condition(BooleanType flag) =>
        Argument(If, new NonNullType(flag), "When false, everything is delivered at once.", new BooleanValueNode(default, true));

    private static InputValueDefinition LabelArgument(StringType text) => Argument(Label, text, "Identifies what is delivered later; unique in the document.");

    private static InputValueDefinition Argument(string name, GraphQLType type, string description, ValueNode? defaultValue = null) =>
        new(name, type) { Description = description, DefaultValue = defaultValue };

    private static DirectiveDefinition New(string name, string description, InputValueDefinition[] arguments, params string[] locations) =>
        new(name, new FieldCollection<InputValueDefinition>(arguments), locations) { Description = description };
}
