using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Maps a CLR type to its named type, and makes that when it is first needed.</summary>
internal sealed class NamedTypes(SchemaDraft draft)
{
    private readonly Dictionary<(Type Type, bool IsInput), NamedType> found = [];

    public NamedType Of(Type type, bool isInput)
    {
        if (found.TryGetValue((type, isInput), out NamedType? known))
            return known;
        NamedType named = Leaf(type) ?? (isInput ? Input(type) : Output(type));
        found[(type, isInput)] = named;
        if (named is InterfaceType)
            ShowImplementations(type);
        return named;
    }

    /// <summary>A scalar by its name, made when first needed; null when neither the engine nor the service has one of that name.</summary>
    public ScalarType? Scalar(string name)
    {
        if (draft.Types.Find(name) is ScalarType known)
        {
            Connect(known);
            return known;
        }
        if (draft.Bindings.CreateScalar(name) is not { } made)
            return null;
        made.Directives = DirectiveSyntax.Of(made.GetType());
        return draft.Add(made);
    }

    private readonly HashSet<ScalarType> connected = [];

    /// <summary>The specified scalars are made by the type table, which does not know of bindings.</summary>
    private void Connect(ScalarType scalar)
    {
        if (connected.Add(scalar) && scalar.IsBuiltIn)
            draft.Bindings.Connect(scalar);
    }

    private NamedType? Leaf(Type type)
    {
        if (draft.Bindings.FindId(type) is not null)
            return Scalar("ID");
        if (draft.Bindings.FindScalar(type) is { } scalar)
            return Scalar(scalar);
        return type.IsEnum ? Enum(type) : null;
    }

    private EnumType Enum(Type type)
    {
        if (found.TryGetValue((type, true), out NamedType? known) || found.TryGetValue((type, false), out known))
            return (EnumType)known;
        FieldInfo[] fields = [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => !field.IsDefined(typeof(GraphQLIgnoreAttribute)))];
        return draft.Add(new EnumType(draft.Classes.NameOf(type))
        {
            RuntimeType = type,
            Description = draft.Descriptions.Of(type),
            Directives = DirectiveSyntax.Of(type),
            Values = [.. fields.Select(field => new EnumValue(Naming.EnumValue(field), field.GetValue(null)!)
            {
                Description = draft.Descriptions.Of(field),
                DeprecationReason = Deprecations.Of(field),
                Directives = DirectiveSyntax.Of(field),
            })],
        });
    }

    private InputObjectType Input(Type type)
    {
        ThrowIfNoGraphQLType(type);
        if (type.IsInterface || type.IsAbstract)
            throw new SchemaException($"{type.Name} is abstract, and an input needs a class or record that can be constructed.");
        var input = draft.Add(new InputObjectType(Naming.Input(type))
        {
            RuntimeType = type,
            Description = draft.Descriptions.Of(type),
            IsOneOf = type.IsDefined(typeof(OneOfAttribute)),
            Directives = DirectiveSyntax.Of(type),
        });
        draft.WhenItsTurn(input.Name, () => draft.Inputs.SetFields(input, type));
        return input;
    }

    private NamedType Output(Type type)
    {
        ThrowIfNoGraphQLType(type);
        string name = draft.Classes.NameOf(type);
        string? description = draft.Descriptions.Of(type);
        IReadOnlyList<DirectiveNode> directives = DirectiveSyntax.Of(draft.Classes.TypeClassesOf(type));
        if (type.IsDefined(typeof(UnionTypeAttribute))
            || (type.IsInterface && !type.IsDefined(typeof(InterfaceTypeAttribute)) && ObjectFields.Properties(type).Count == 0))
            return Union(draft.Add(new UnionType(name) { RuntimeType = type, Description = description, Directives = directives }), type);

        ComplexType complex = type.IsInterface || type.IsAbstract
            ? draft.Add(new InterfaceType(name) { RuntimeType = type, Description = description, Directives = directives })
            : draft.Add(new ObjectType(name) { RuntimeType = type, Description = description, Directives = directives });
        draft.WhenItsTurn(name, () => draft.SetFields(complex, draft.Fields.Of(complex, type)));
        return complex;
    }

    private UnionType Union(UnionType union, Type type)
    {
        IEnumerable<Type> shared = type.GetCustomAttribute<UnionTypeAttribute>()?.Members ?? [];
        draft.WhenItsTurn(union.Name, () =>
        {
            IEnumerable<Type> members = draft.Classes.ImplementationsOf(type).Concat(shared).OrderBy(draft.Classes.NameOf, StringComparer.Ordinal);
            union.Members = [.. members.Select(member => Of(member, isInput: false)).OfType<ObjectType>()];
        });
        return union;
    }

    /// <summary>A field that returns an interface may return any class that implements it, so these are part of the schema.</summary>
    private void ShowImplementations(Type type) => draft.WhenItsTurn(type.Name, () =>
    {
        if (draft.Classes.Exposed.Contains(type))
            return; // Named explicitly: it replaces what the schema would otherwise show.
        foreach (Type implementation in draft.Classes.ImplementationsOf(type))
            Of(implementation, isInput: false);
    });

    private static void ThrowIfNoGraphQLType(Type type)
    {
        if (typeof(ITuple).IsAssignableFrom(type))
            throw new SchemaException($"{Shown(type)} is a tuple, which has no name in the schema: declare a record.");
        if (typeof(IDictionary).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type)
            || type.IsPrimitive || type.IsPointer || type.IsByRef || typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
            || type.GetInterfaces().Prepend(type).Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() is var definition
                && (definition == typeof(IReadOnlyDictionary<,>) || definition == typeof(IDictionary<,>))))
            throw new SchemaException($"{Shown(type)} has no GraphQL type: bind it to a scalar with BindRuntimeType, or hide the member with [GraphQLIgnore].");
    }

    private static string Shown(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Shown))}>" : type.Name;
}
