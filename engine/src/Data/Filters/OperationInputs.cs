using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Builds the inputs that compare a value, or the values of a list: one for each scalar and enum, with HotChocolate's names.</summary>
internal static class OperationInputs
{
    /// <summary>Null when values of this type cannot be compared.</summary>
    public static TypeReference? Of(NamedType leaf)
    {
        if (OperatorsOf(leaf) is not { } operators)
            return null;
        string name = $"{Prefix(leaf)}OperationFilterInput";
        return new TypeReference.Made(name, completion => Make(completion, name, leaf, operators));
    }

    /// <summary>Of a list of scalars or enums.</summary>
    public static TypeReference? OfListOf(NamedType leaf) => Of(leaf) is { } item ? OfList($"List{Prefix(leaf)}OperationFilterInput", item) : null;

    /// <summary>Of a list of anything that <paramref name="item"/> filters.</summary>
    public static TypeReference OfList(string name, TypeReference item) => new TypeReference.Made(name, completion =>
    {
        var input = new InputObjectType(name) { Description = "Conditions on a list; all of them must match." };
        completion.WhenComplete(() => completion.SetFields(
            input,
            [
                new("all", item) { Description = "Every item matches; also true of a list without items.", DefaultCost = DefaultCost.ExpensiveFilterOperation },
                new("none", item) { Description = "No item matches.", DefaultCost = DefaultCost.ExpensiveFilterOperation },
                new("some", item) { Description = "At least one item matches.", DefaultCost = DefaultCost.ExpensiveFilterOperation },
                new("any", new TypeReference.Clr(typeof(bool), IsNullable: true))
                {
                    Description = "True matches a list with items, false one without.",
                    DefaultCost = DefaultCost.FilterOperation,
                },
            ],
            CreateList));
        return input;
    });

    private static InputObjectType Make(ITypeCompletion completion, string name, NamedType leaf, IReadOnlyList<NamedOperator> operators)
    {
        var input = new InputObjectType(name) { Description = $"Conditions on a value of type {leaf.Name}; all of them must match." };
        bool isText = operators == NamedOperator.OfText;
        List<ArgumentDescriptor> fields =
        [
            .. operators.Select(known => new ArgumentDescriptor(known.Name, OperandType(known, leaf))
            {
                Description = DescriptionOf(known, leaf),
                DefaultCost = CostOf(known),
                IsOperand = true,
            }),
        ];
        if (isText)
        {
            var self = new TypeReference.Made(name, _ => input, IsList: true);
            fields.Add(new ArgumentDescriptor("and", self) { Description = "All of these must match. An empty list always matches." });
            fields.Add(new ArgumentDescriptor("or", self) { Description = "At least one of these must match. An empty list never matches." });
        }
        completion.WhenComplete(() => completion.SetFields(input, fields, values => Create(operators, values)));
        return input;
    }

    /// <summary>Lists of enum values have no null, as in HotChocolate.</summary>
    private static string DescriptionOf(NamedOperator known, NamedType leaf) =>
        leaf is not EnumType || known.Operator != FilterOperator.In ? known.Description
        : known.IsOpposite ? "Not equal to any of these values; rows where the field is null match."
        : "Equal to one of these values.";

    /// <summary>Searches inside text, and comparisons that ignore case, cannot use a plain index.</summary>
    private static DefaultCost CostOf(NamedOperator known) =>
        known.Operator >= FilterOperator.Contains ? DefaultCost.ExpensiveFilterOperation : DefaultCost.FilterOperation;

    private static TypeReference.Notation OperandType(NamedOperator known, NamedType leaf) => known.Operator switch
    {
        FilterOperator.In => new TypeReference.Notation(leaf is EnumType ? $"[{leaf.Name}!]" : $"[{leaf.Name}]"),
        _ => new TypeReference.Notation(leaf.Name),
    };

    private static Operations Create(IReadOnlyList<NamedOperator> operators, object?[] values)
    {
        var given = new List<ValueOperation>();
        for (int i = 0; i < operators.Count; i++)
        {
            if (values[i] != InputValueDefinition.Absent)
                given.Add(new ValueOperation(operators[i], values[i]));
        }
        return values.Length == operators.Count ? new Operations(given) : new Operations(given) { All = Nested(values[^2]), Any = Nested(values[^1]) };
    }

    private static Operations[]? Nested(object? value) =>
        value == InputValueDefinition.Absent ? null
        : value is object?[] list ? [.. list.Cast<Operations>()]
        : throw new CoercionException("null is not a list of filters.");

    private static ListOperations CreateList(object?[] values)
    {
        Quantifier[] quantifiers = [Quantifier.All, Quantifier.None, Quantifier.Some, Quantifier.Any];
        IEnumerable<ListOperation> all = quantifiers.Select((quantifier, i) => new ListOperation(quantifier, values[i]));
        return new ListOperations([.. all.Where(given => given.Value != InputValueDefinition.Absent)]);
    }

    /// <summary>HotChocolate writes abbreviations as words in these names: <c>UuidOperationFilterInput</c>.</summary>
    private static string Prefix(NamedType leaf) => leaf.Name switch { "ID" => "Id", "UUID" => "Uuid", "URL" => "Url", var name => name };

    private static IReadOnlyList<NamedOperator>? OperatorsOf(NamedType leaf) => leaf switch
    {
        EnumType or IdType => NamedOperator.OfIds,
        BooleanType => NamedOperator.OfBooleans,
        { RuntimeType: var type } when type == typeof(string) => NamedOperator.OfText,
        { RuntimeType: { IsValueType: true } type } when typeof(IComparable).IsAssignableFrom(type) => NamedOperator.OfComparables,
        { RuntimeType: { } type } when type != typeof(object) => NamedOperator.OfIds,
        _ => null,
    };
}
