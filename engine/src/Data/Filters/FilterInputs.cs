using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Builds the filter inputs of exposed types, with HotChocolate's names.</summary>
internal static class FilterInputs
{
    public static TypeReference.Made Reference(Type type, bool isList = false)
    {
        string name = $"{InputNames.Of(type)}FilterInput";
        return new TypeReference.Made(name, completion => Make(completion, name, type), IsList: isList);
    }

    private static InputObjectType Make(ITypeCompletion completion, string name, Type type)
    {
        var input = new InputObjectType(name) { Description = $"Conditions on {InputNames.Of(type)}; all of them must match." };
        completion.WhenComplete(() => completion.SetFields(input, Fields(completion, type), Create));
        return input;
    }

    private static IEnumerable<ArgumentDescriptor> Fields(ITypeCompletion completion, Type type)
    {
        yield return new("and", Reference(type, isList: true)) { Description = "All of these must match. An empty list always matches.", Convert = All };
        yield return new("or", Reference(type, isList: true)) { Description = "At least one of these must match. An empty list never matches.", Convert = Any };
        yield return new("not", Reference(type)) { Description = "This must not match.", Convert = Opposite };
        foreach (ShownMember shown in ShownMember.Of(completion, type))
        {
            if (Field(completion, shown) is { } field)
                yield return field;
        }
    }

    private static ArgumentDescriptor? Field(ITypeCompletion completion, ShownMember shown)
    {
        var member = new MemberAccess(shown.Property, shown.ClrType, shown.IsNullable);
        TypeReference? type;
        FilterField field;
        if (shown.Item is { } item)
        {
            type = item.Type switch
            {
                ScalarType or EnumType => OperationInputs.OfListOf(item.Type),
                ComplexType => ListInputOf(item.ClrType),
                _ => null,
            };
            field = new FilterField(member, new MemberAccess(null, item.ClrType, item.IsNullable), shown.Converter(completion));
        }
        else
        {
            type = shown.Type switch
            {
                ScalarType or EnumType => OperationInputs.Of(shown.Type),
                ComplexType => Reference(shown.ClrType),
                _ => null,
            };
            field = new FilterField(member, null, shown.Converter(completion));
        }
        return type is null ? null : new ArgumentDescriptor(shown.Name, type) { Description = shown.Description, Convert = field.Bind };
    }

    private static TypeReference ListInputOf(Type itemType) =>
        OperationInputs.OfList($"ListFilterInputTypeOf{InputNames.Of(itemType)}FilterInput", Reference(itemType));

    /// <summary>The conversions of the fields have already turned the values into conditions.</summary>
    private static object Create(object?[] values) => new AllOf([.. values.OfType<FilterNode>()]);

    private static AllOf All(object? given) => new AllOf(Conditions(given));

    private static AnyOf Any(object? given) => new AnyOf(Conditions(given));

    private static Not Opposite(object? given) => new Not(given as FilterNode ?? throw new CoercionException("null is not a filter."));

    private static FilterNode[] Conditions(object? given) =>
        given is object?[] list ? [.. list.Cast<FilterNode>()] : throw new CoercionException("null is not a list of filters.");
}
