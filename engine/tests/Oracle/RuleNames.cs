using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Maps our rules to those of graphql-js; some of its rules cover several headings of the specification.</summary>
internal static class RuleNames
{
    public static IReadOnlyDictionary<string, string> BySection { get; } = new Dictionary<string, string>
    {
        ["sec-Executable-Definitions"] = "ExecutableDefinitionsRule",
        ["sec-Operation-Type-Existence"] = "KnownOperationTypesRule",
        ["sec-Operation-Name-Uniqueness"] = "UniqueOperationNamesRule",
        ["sec-Lone-Anonymous-Operation"] = "LoneAnonymousOperationRule",
        ["sec-Single-Root-Field"] = "SingleFieldSubscriptionsRule",
        ["sec-Field-Selections"] = "FieldsOnCorrectTypeRule",
        ["sec-Field-Selection-Merging"] = "OverlappingFieldsCanBeMergedRule",
        ["sec-Leaf-Field-Selections"] = "ScalarLeafsRule",
        ["sec-Argument-Names"] = "KnownArgumentNamesRule",
        ["sec-Argument-Uniqueness"] = "UniqueArgumentNamesRule",
        ["sec-Required-Arguments"] = "ProvidedRequiredArgumentsRule",
        ["sec-Fragment-Name-Uniqueness"] = "UniqueFragmentNamesRule",
        ["sec-Fragment-Spread-Type-Existence"] = "KnownTypeNamesRule",
        ["sec-Fragments-on-Object-Interface-or-Union-Types"] = "FragmentsOnCompositeTypesRule",
        ["sec-Fragments-Must-Be-Used"] = "NoUnusedFragmentsRule",
        ["sec-Fragment-Spread-Target-Defined"] = "KnownFragmentNamesRule",
        ["sec-Fragment-Spreads-Must-Not-Form-Cycles"] = "NoFragmentCyclesRule",
        ["sec-Fragment-Spread-Is-Possible"] = "PossibleFragmentSpreadsRule",
        ["sec-Values-of-Correct-Type"] = "ValuesOfCorrectTypeRule",
        ["sec-Input-Object-Field-Names"] = "ValuesOfCorrectTypeRule",
        ["sec-Input-Object-Field-Uniqueness"] = "UniqueInputFieldNamesRule",
        ["sec-Input-Object-Required-Fields"] = "ValuesOfCorrectTypeRule",
        ["sec-Directives-Are-Defined"] = "KnownDirectivesRule",
        ["sec-Directives-Are-in-Valid-Locations"] = "KnownDirectivesRule",
        ["sec-Directives-Are-Unique-per-Location"] = "UniqueDirectivesPerLocationRule",
        ["sec-Variable-Uniqueness"] = "UniqueVariableNamesRule",
        ["sec-Variables-Are-Input-Types"] = "VariablesAreInputTypesRule",
        ["sec-All-Variable-Uses-Defined"] = "NoUndefinedVariablesRule",
        ["sec-All-Variables-Used"] = "NoUnusedVariablesRule",
        ["sec-All-Variable-Usages-Are-Allowed"] = "VariablesInAllowedPositionRule",
    };

    /// <summary>The rules of a schema with <c>@defer</c> and <c>@stream</c>.</summary>
    public static IReadOnlyDictionary<string, string> OfIncrementalDelivery { get; } = new Dictionary<string, string>
    {
        ["sec-Defer-And-Stream-Directives-Are-Used-On-Valid-Root-Field"] = "DeferStreamDirectiveOnRootFieldRule",
        ["sec-Defer-And-Stream-Directives-Are-Used-On-Valid-Operations"] = "DeferStreamDirectiveOnValidOperationsRule",
        ["sec-Defer-And-Stream-Directive-Labels-Are-Unique"] = "DeferStreamDirectiveLabelRule",
        ["sec-Stream-Directives-Are-Used-On-List-Fields"] = "StreamDirectiveOnListFieldRule",
    };

    public static IReadOnlyList<string> Of(IEnumerable<GraphQLError> errors) =>
        [.. errors.Select(Of).Distinct().Order(StringComparer.Ordinal)];

    public static string SectionOf(GraphQLError error) => ((string)error.Extensions["specifiedBy"]!).Split('#')[1];

    private static string Of(GraphQLError error)
    {
        string section = SectionOf(error);
        // graphql-js reports unknown types of variables and of fragments with one rule.
        return section == "sec-Variables-Are-Input-Types" && error.Message.StartsWith("Unknown type", StringComparison.Ordinal)
            ? "KnownTypeNamesRule"
            : BySection.GetValueOrDefault(section) ?? OfIncrementalDelivery[section];
    }
}
