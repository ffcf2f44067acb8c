using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Introspection;

/// <summary>The introspection types, as ordinary types of the schema; their values are the type system's own objects.</summary>
/// <remarks><see href="https://spec.graphql.org/September2025/#sec-Schema-Introspection.Schema-Introspection-Schema"/></remarks>
internal sealed class IntrospectionTypes
{
    private readonly ObjectType schema = New("__Schema", "A schema: its types, its directives and the types that operations start from.");
    private readonly ObjectType type = New("__Type", "A type of the schema, or a list or non-null wrapper around one. `kind` tells which fields have a value.");
    private readonly ObjectType fieldType = New("__Field", "A field of an object or interface.");
    private readonly ObjectType inputValue = New("__InputValue", "An argument of a field or directive, or a field of an input object.");
    private readonly ObjectType enumValue = New("__EnumValue", "A value of an enum.");
    private readonly ObjectType directive = New("__Directive", "A directive that documents may use or definitions may carry.");
    private readonly EnumType typeKind = NewEnum("__TypeKind", "What kind of type a `__Type` is.", Enum.GetNames<TypeKind>());
    private readonly EnumType directiveLocation = NewEnum("__DirectiveLocation", "A place where a directive may stand.", DirectiveLocationNames.All);
    private readonly StringType text;
    private readonly BooleanType flag;

    private IntrospectionTypes(StringType text, BooleanType flag)
    {
        this.text = text;
        this.flag = flag;
        DefineSchema();
        DefineType();
        DefineField();
        DefineInputValue();
        DefineEnumValue();
        DefineDirective();
        Fields = new IntrospectionFields(
            Owned(type, Pure("__typename", NonNull(text), _ => null)),
            Owned(type, Resolved("__schema", NonNull(schema), context => context.Schema)),
            Owned(type, Resolved("__type", type, context => context.Schema.FindType(context.ArgumentValue<string>("name")),
                new InputValueDefinition("name", NonNull(text)))));
    }

    /// <summary>The type table of a new schema: it has these types and the scalars that they use.</summary>
    public static TypeTable NewTable()
    {
        var text = (StringType)BuiltInScalars.Create("String")!;
        var flag = (BooleanType)BuiltInScalars.Create("Boolean")!;
        var introspection = new IntrospectionTypes(text, flag);
        return new TypeTable(text, flag, introspection.All, introspection.Fields);
    }

    private NamedType[] All => [schema, type, typeKind, fieldType, inputValue, enumValue, directive, directiveLocation];

    private IntrospectionFields Fields { get; }

    private void DefineSchema() => Define(schema,
        Pure("description", text, (Schema of) => of.Description),
        Pure("types", NonNullList(type), (Schema of) => of.Types),
        Pure("queryType", NonNull(type), (Schema of) => of.QueryType),
        Pure("mutationType", type, (Schema of) => of.MutationType),
        Pure("subscriptionType", type, (Schema of) => of.SubscriptionType),
        Pure("directives", NonNullList(directive), (Schema of) => of.Directives));

    private void DefineType() => Define(type,
        Pure("kind", NonNull(typeKind), (GraphQLType of) => KindOf(of)),
        Pure("name", text, (GraphQLType of) => (of as NamedType)?.Name),
        Pure("description", text, (GraphQLType of) => (of as NamedType)?.Description),
        Pure("specifiedByURL", text, (GraphQLType of) => (of as ScalarType)?.SpecifiedBy?.OriginalString),
        WithDeprecated("fields", NullableList(fieldType), (GraphQLType of) => (of as ComplexType)?.Fields, one => one.DeprecationReason),
        Pure("interfaces", NullableList(type), (GraphQLType of) => (of as ComplexType)?.Interfaces),
        Resolved("possibleTypes", NullableList(type),
            context =>
                context.Parent<GraphQLType>() is NamedType and (InterfaceType or UnionType) and var of ? context.Schema.PossibleTypes((NamedType)of) : null),
        WithDeprecated("enumValues", NullableList(enumValue), (GraphQLType of) => (of as EnumType)?.Values, one => one.DeprecationReason),
        WithDeprecated("inputFields", NullableList(inputValue), (GraphQLType of) => (of as InputObjectType)?.Fields, one => one.DeprecationReason),
        Pure("ofType", type, (GraphQLType of) => of switch { ListType list => list.Of, NonNullType nonNull => nonNull.Of, _ => null }),
        Pure("isOneOf", flag, (GraphQLType of) => of is InputObjectType input ? input.IsOneOf : null));

    private void DefineField() => Define(fieldType,
        Pure("name", NonNull(text), (FieldDefinition of) => of.Name),
        Pure("description", text, (FieldDefinition of) => of.Description),
        WithDeprecated("args", NonNullList(inputValue), (FieldDefinition of) => of.Arguments, one => one.DeprecationReason),
        Pure("type", NonNull(type), (FieldDefinition of) => of.Type),
        Pure("isDeprecated", NonNull(flag), (FieldDefinition of) => of.DeprecationReason is not null),
        Pure("deprecationReason", text, (FieldDefinition of) => of.DeprecationReason));

    private void DefineInputValue() => Define(inputValue,
        Pure("name", NonNull(text), (InputValueDefinition of) => of.Name),
        Pure("description", text, (InputValueDefinition of) => of.Description),
        Pure("type", NonNull(type), (InputValueDefinition of) => of.Type),
        Pure("defaultValue", text, (InputValueDefinition of) => of.DefaultValue is { } literal ? Printer.Print(literal) : null),
        Pure("isDeprecated", NonNull(flag), (InputValueDefinition of) => of.DeprecationReason is not null),
        Pure("deprecationReason", text, (InputValueDefinition of) => of.DeprecationReason));

    private void DefineEnumValue() => Define(enumValue,
        Pure("name", NonNull(text), (EnumValue of) => of.Name),
        Pure("description", text, (EnumValue of) => of.Description),
        Pure("isDeprecated", NonNull(flag), (EnumValue of) => of.DeprecationReason is not null),
        Pure("deprecationReason", text, (EnumValue of) => of.DeprecationReason));

    private void DefineDirective() => Define(directive,
        Pure("name", NonNull(text), (DirectiveDefinition of) => of.Name),
        Pure("description", text, (DirectiveDefinition of) => of.Description),
        Pure("isRepeatable", NonNull(flag), (DirectiveDefinition of) => of.IsRepeatable),
        Pure("locations", NonNullList(directiveLocation), (DirectiveDefinition of) => of.Locations),
        WithDeprecated("args", NonNullList(inputValue), (DirectiveDefinition of) => of.Arguments, one => one.DeprecationReason));

    private FieldDefinition WithDeprecated<TOwner, TItem>(
        string name, GraphQLType type, Func<TOwner, IReadOnlyList<TItem>?> items, Func<TItem, string?> deprecationReason) where TItem : class =>
        Resolved(name, type,
            context => items(context.Parent<TOwner>()) switch
            {
                null => null,
                var all when context.ArgumentValue<bool>("includeDeprecated") => all,
                var all => all.Where(item => deprecationReason(item) is null).ToArray(),
            },
            new InputValueDefinition("includeDeprecated", NonNull(flag)) { DefaultValue = new BooleanValueNode(default, false) });

    private static string KindOf(GraphQLType type) => (type switch
    {
        ScalarType => TypeKind.SCALAR,
        ObjectType => TypeKind.OBJECT,
        InterfaceType => TypeKind.INTERFACE,
        UnionType => TypeKind.UNION,
        EnumType => TypeKind.ENUM,
        InputObjectType => TypeKind.INPUT_OBJECT,
        ListType => TypeKind.LIST,
        _ => TypeKind.NON_NULL,
    }).ToString();

    private static ObjectType New(string name, string description) => new(name) { IsBuiltIn = true, Description = description };

    private static EnumType NewEnum(string name, string description, IReadOnlyList<string> values) =>
        new(name) { IsBuiltIn = true, Description = description, Values = [.. values.Select(value => new EnumValue(value, value))] };

    private static void Define(ObjectType type, params FieldDefinition[] fields)
    {
        type.Fields = new FieldCollection<FieldDefinition>(fields);
        foreach (FieldDefinition field in fields)
            Owned(type, field);
    }

    private static FieldDefinition Owned(ObjectType owner, FieldDefinition field)
    {
        field.DeclaringType = owner;
        return field;
    }

    private static FieldDefinition Pure(string name, GraphQLType type, Func<object, object?> read) => new(name, type) { PureResolver = read };

    private static FieldDefinition Pure<T>(string name, GraphQLType type, Func<T, object?> read) => Pure(name, type, parent => read((T)parent));

    private static FieldDefinition Resolved(string name, GraphQLType type, Func<ResolverContext, object?> resolve, params InputValueDefinition[] arguments) =>
        new(name, type) { Resolver = context => new(resolve(context)), Arguments = new FieldCollection<InputValueDefinition>(arguments) };

    private static NonNullType NonNull(GraphQLType type) => new(type);
    private static ListType NullableList(GraphQLType type) => new(NonNull(type));
    private static NonNullType NonNullList(GraphQLType type) => NonNull(NullableList(type));

    /// <summary>Names as in the specification.</summary>
    private enum TypeKind { SCALAR, OBJECT, INTERFACE, UNION, ENUM, INPUT_OBJECT, LIST, NON_NULL }
}
