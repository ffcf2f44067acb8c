namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>A mistake that a generated document may be given on purpose; each may make a rule fire.</summary>
public enum Fault
{
    TypeDefinition, DuplicateOperationName, AnonymousWithOthers, SecondSubscriptionField, IntrospectionSubscription, ConditionalSubscription,
    UnknownField, ConflictingFields, OverlappingFields, LeafWithSelection, CompositeWithoutSelection,
    UnknownArgument, DuplicateArgument, MissingArgument,
    DuplicateFragment, UnknownType, FragmentOnInput, UnusedFragment, UnknownFragment, FragmentCycle, ImpossibleSpread,
    WrongValue, UnknownInputField, DuplicateInputField, MissingInputField, BrokenOneOf,
    UnknownDirective, MisplacedDirective, DuplicateDirective,
    DuplicateVariable, OutputVariable, UndefinedVariable, UnusedVariable, WrongVariableType, NullableOneOfVariable,
}
