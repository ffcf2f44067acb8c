using System.Globalization;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// The directives <c>@cost</c> and <c>@listSize</c>: <see href="https://ibm.github.io/graphql-specs/cost-spec.html"/>. A schema built from classes
/// has them; a schema built from SDL has to define them itself.
/// </summary>
internal static class CostDirectives
{
    /// <summary>Their definitions.</summary>
    public const string Sdl = """
        "The weight of this field, argument or type, at least 0. By default, objects and the fields that return them weigh 1, everything else 0."
        directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR

        "How many items this list has at most."
        directive @listSize(
          "The maximum number of items when no slicing argument sets it."
          assumedSize: Int
          "Arguments that set the maximum: integers, or lists whose length counts."
          slicingArguments: [String!]
          "The number of items when no slicing argument is given."
          slicingArgumentDefaultValue: Int
          "Fields of the returned object whose lists have this size, instead of the field itself."
          sizedFields: [String!]
          "Whether exactly one slicing argument must be given."
          requireOneSlicingArgument: Boolean = true
        ) on FIELD_DEFINITION
        """;

    internal const string Cost = "cost";
    internal const string ListSize = "listSize";

    /// <summary>The weight that a definition sets for itself; null when it sets none.</summary>
    internal static double? Weight(IReadOnlyList<DirectiveNode> directives) =>
        Argument(directives, Cost, "weight") is StringValueNode { Value: var text } && TryParse(text, out double weight) ? weight : null;

    internal static bool TryParse(string text, out double weight) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && double.IsFinite(weight) && weight >= 0;

    internal static ListSizeRule? SizeRule(IReadOnlyList<DirectiveNode> directives) =>
        directives.Any(directive => directive.Name == ListSize)
            ? new ListSizeRule(
                Number(Argument(directives, ListSize, "assumedSize")),
                Names(Argument(directives, ListSize, "slicingArguments")),
                Number(Argument(directives, ListSize, "slicingArgumentDefaultValue")),
                Names(Argument(directives, ListSize, "sizedFields")),
                Argument(directives, ListSize, "requireOneSlicingArgument") is not BooleanValueNode { Value: false })
            : null;

    internal static string Written(double weight) => string.Create(CultureInfo.InvariantCulture, $"@cost(weight: \"{weight}\")");

    private static ValueNode? Argument(IReadOnlyList<DirectiveNode> directives, string directive, string argument) =>
        directives.FirstOrDefault(candidate => candidate.Name == directive)?.Arguments.FirstOrDefault(candidate => candidate.Name == argument)?.Value;

    private static int? Number(ValueNode? value) =>
        value is IntValueNode { Value: var text } && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private static string[] Names(ValueNode? value) => value switch
    {
        ListValueNode list => [.. list.Items.OfType<StringValueNode>().Select(item => item.Value)],
        StringValueNode one => [one.Value],
        _ => [],
    };
}

/// <summary>A <c>@listSize</c>.</summary>
internal sealed record ListSizeRule(
    int? AssumedSize, string[] SlicingArguments, int? SlicingArgumentDefaultValue, string[] SizedFields, bool RequiresOneSlicingArgument);
