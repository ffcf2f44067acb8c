using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A field that shows a property as it is, seen from filters and orders.</summary>
/// <param name="Type">The named type; of the items for a list.</param>
/// <param name="ClrType">The property's type without <see cref="Nullable{T}"/>.</param>
internal sealed record ShownMember(FieldDefinition Field, PropertyInfo Property, NamedType Type, Type ClrType, bool IsNullable)
{
    public string Name => Field.Name;
    public string? Description => Field.Description;

    /// <summary>Set for a list.</summary>
    public ShownItem? Item { get; private init; }

    /// <summary>
    /// The fields of a type that filters and orders may read. A field that does more than show its property (it takes arguments, or a resolver guards it) is not
    /// among them: comparing it would tell what it does not.
    /// </summary>
    public static IReadOnlyList<ShownMember> Of(ITypeCompletion completion, Type type) =>
        completion.OutputTypeOf(type) is ComplexType complex ? [.. complex.Fields.Select(Of).OfType<ShownMember>()] : [];

    /// <summary>From an input value of <see cref="Type"/> to what the property holds.</summary>
    public Func<object?, object?>? Converter(ITypeCompletion completion) =>
        Type is ScalarType ? completion.InputConverter(Item?.ClrType ?? ClrType, Field.Feature<GlobalId>()?.TypeName) : null;

    private static ShownMember? Of(FieldDefinition field)
    {
        if (field.Member is not { } property || field.Resolver is not null || field.Arguments.Count > 0)
            return null;
        var shown = new ShownMember(field, property, field.Type.Named, Bare(property.PropertyType), !field.Type.IsNonNull);
        if (field.Type.Nullable is not ListType list)
            return shown;
        return list.Of.Nullable is not ListType && ElementTypes.Of(property.PropertyType) is { } item
            ? shown with { Item = new ShownItem(shown.Type, Bare(item), !list.Of.IsNonNull) }
            : null;
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}

/// <inheritdoc cref="ShownMember"/>
internal sealed record ShownItem(NamedType Type, Type ClrType, bool IsNullable);
