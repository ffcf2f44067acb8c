using Mycelium.GraphQL.Engine.Validation.Rules;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>All rules, in the order of the specification's chapter.</summary>
internal static class RuleSet
{
    public static IReadOnlyList<ValidationRule> Create(RuleContext context) =>
        IncrementalDeliveryRule.MayBeUsed(context.Schema) ? [.. Specified(context), .. OfIncrementalDelivery(context)] : Specified(context);

    private static IReadOnlyList<ValidationRule> OfIncrementalDelivery(RuleContext context) =>
    [
        new DeferAndStreamDirectivesAreUsedOnValidRootField(context),
        new DeferAndStreamDirectivesAreUsedOnValidOperations(context),
        new DeferAndStreamDirectiveLabelsAreUnique(context),
        new StreamDirectivesAreUsedOnListFields(context),
    ];

    private static IReadOnlyList<ValidationRule> Specified(RuleContext context) =>
    [
        new DocumentLimits(context),
        new CycleLimits(context),
        new ExecutableDefinitions(context),
        new OperationTypeExistence(context),
        new OperationNameUniqueness(context),
        new LoneAnonymousOperation(context),
        new SingleRootField(context),
        new FieldSelections(context),
        new FieldSelectionMerging(context),
        new LeafFieldSelections(context),
        new ArgumentNames(context),
        new ArgumentUniqueness(context),
        new RequiredArguments(context),
        new FragmentNameUniqueness(context),
        new FragmentSpreadTypeExistence(context),
        new FragmentsOnObjectInterfaceOrUnionTypes(context),
        new FragmentsMustBeUsed(context),
        new FragmentSpreadTargetDefined(context),
        new FragmentSpreadsMustNotFormCycles(context),
        new FragmentSpreadIsPossible(context),
        new ValuesOfCorrectType(context),
        new InputObjectFieldNames(context),
        new InputObjectFieldUniqueness(context),
        new InputObjectRequiredFields(context),
        new DirectivesAreDefined(context),
        new DirectivesAreInValidLocations(context),
        new DirectivesAreUniquePerLocation(context),
        new VariableUniqueness(context),
        new VariablesAreInputTypes(context),
        new AllVariableUsesDefined(context),
        new AllVariablesUsed(context),
        new AllVariableUsagesAreAllowed(context),
    ];
}
