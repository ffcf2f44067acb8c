using System.Reflection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A field that shows a property as it is, as filters and sort orders see it.</summary>
/// <param name="Type">The named type; for a list, that of the items.</param>
/// <param name="ClrType">The property's type without <see cref="Nullable{T}"/>.</param>
internal sealed record ShownMember(FieldDefinition Field, PropertyInfo Property, NamedType Type, Type ClrType, bool IsNullable)
{
    public string Name => Field.Name;
    public string? Description => Field.Description;

    /// <summary>Set for a list.</summary>
    public ShownItem? Item { get; private init; }

    /// <summary>
    /// The fields of a type that filters and sort orders may read. A field that does more than show its property (it takes arguments, or a resolver
    /// guards it) is not among them, unless <see cref="BindMemberAttribute"/> says so: comparisons would reveal what it hides.
    /// </summary>
    public static IReadOnlyList<ShownMember> Of(ITypeCompletion completion, Type type) =>
        completion.OutputTypeOf(type) is ComplexType complex ? [.. complex.Fields.Select(field => Of(field, type)).OfType<ShownMember>()] : [];

    /// <summary>
    /// Converts an operand of <see cref="Type"/> to a value of the property, or to an <see cref="InexactOperand"/> between such values.
    /// </summary>
    public Func<object?, object?>? Converter(ITypeCompletion completion) =>
        Type is ScalarType and not IdType && Field.Feature<BindMemberAttribute>() is not null && Type.RuntimeType != ClrType ? Wrap(ClrType, Type.RuntimeType!)
        : Type is ScalarType ? completion.OperandConverter(Item?.ClrType ?? ClrType, Field.Feature<GlobalId>()?.TypeName) : null;

    private static ShownMember? Of(FieldDefinition field, Type owner)
    {
        PropertyInfo? bound = Bound(field, owner);
        PropertyInfo? property = bound ?? (field.Resolver is null && field.Arguments.Count == 0 ? field.Member : null);
        if (property is null)
            return null;
        bool isNullable = !field.Type.IsNonNull || (bound is not null && ClrShape.Of(bound).IsNullable);
        var shown = new ShownMember(field, property, field.Type.Named, Bare(property.PropertyType), isNullable);
        if (field.Type.Nullable is not ListType list)
            return shown;
        return list.Of.Nullable is not ListType && ElementTypes.Of(property.PropertyType) is { } item
            ? shown with { Item = new ShownItem(shown.Type, Bare(item), !list.Of.IsNonNull) }
            : null;
    }

    private static PropertyInfo? Bound(FieldDefinition field, Type owner) => field.Feature<BindMemberAttribute>() is { } bind
        ? owner.GetProperty(bind.Property) ?? throw new SchemaException($"[BindMember] names {bind.Property}, which {owner.Name} does not have.")
        : null;

    /// <summary>Converts a scalar's value to the struct around it that the property holds, such as an id that the field shows as a number.</summary>
    private static Func<object?, object?> Wrap(Type type, Type value)
    {
        ConstructorInfo constructor = type.GetConstructor([value])
            ?? throw new SchemaException($"A {type.Name} cannot be made from the {value.Name} that its field shows.");
        return given => given is null ? null : Wrapped(constructor, given);
    }

    private static object Wrapped(ConstructorInfo constructor, object given)
    {
        try
        {
            return constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [given], culture: null);
        }
        catch (ArgumentException)
        {
            throw new CoercionException($"{Untyped.ToLiteral(given)} is out of range.");
        }
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}

/// <inheritdoc cref="ShownMember"/>
internal sealed record ShownItem(NamedType Type, Type ClrType, bool IsNullable);
