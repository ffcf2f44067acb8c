using System.Reflection;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// The classes that describe types, found by their attributes. Assemblies are read in name order, so that the schema is the same in every build.
/// </summary>
internal sealed class TypeClasses
{
    private readonly List<(OperationType Operation, Type Class)> roots = [];
    private readonly List<(Type Class, Type Target, bool IsType)> extensions = [];
    private readonly Dictionary<Type, string> names = [];
    private readonly HashSet<(Type Target, string Property)> ignored = [];
    private readonly List<Type> exposed = [];
    private readonly Type[] all;

    /// <summary>The types that fields return for invalid input.</summary>
    public IReadOnlyList<InvalidInputResult> InvalidInputResults { get; }

    public TypeClasses(SchemaConfiguration configuration)
    {
        all = [.. configuration.Assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).OrderBy(type => type.FullName, StringComparer.Ordinal)];
        roots.AddRange(configuration.Roots);
        exposed.AddRange(configuration.Types);
        InvalidInputResults = configuration.InvalidInputResults;
        foreach (Type type in all.Concat(configuration.Extensions).Concat(configuration.Types).Distinct())
            Add(type);
    }

    public IEnumerable<Type> Roots(OperationType operation) => roots.Where(root => root.Operation == operation).Select(root => root.Class).Distinct();

    /// <summary>Types that are part of the schema whether or not a field returns them.</summary>
    public IEnumerable<Type> Exposed => exposed.Distinct();

    /// <summary>Every class with resolvers for an object type, with that type.</summary>
    public IEnumerable<(Type Class, Type Target)> Extensions => extensions.Select(extension => (extension.Class, extension.Target)).Distinct();

    /// <summary>The classes that give a type its fields: its own, and those for its base classes and interfaces.</summary>
    public IEnumerable<Type> ExtensionsOf(Type target) =>
        extensions.Where(extension => extension.Target.IsAssignableFrom(target)).Select(extension => extension.Class).Distinct();

    /// <summary>The classes whose attributes apply to all fields of a type, including its properties.</summary>
    public IEnumerable<Type> TypeClassesOf(Type target) =>
        extensions.Where(extension => extension.Target == target && extension.IsType).Select(extension => extension.Class).Prepend(target);

    public string NameOf(Type type) => names.TryGetValue(type, out string? name) ? name : Naming.Output(type);

    public bool IsIgnored(Type target, PropertyInfo property) =>
        property.IsDefined(typeof(GraphQLIgnoreAttribute)) || ignored.Any(entry => entry.Property == property.Name && entry.Target.IsAssignableFrom(target));

    /// <summary>The classes that implement an interface or derive from a class, in the assembly of the service or the interface; by name.</summary>
    public IEnumerable<Type> ImplementationsOf(Type type) => all.Concat(type.Assembly.GetTypes()).Distinct()
        .Where(candidate => type.IsAssignableFrom(candidate) && candidate is { IsAbstract: false, IsInterface: false, ContainsGenericParameters: false }
            && !candidate.IsDefined(typeof(GraphQLIgnoreAttribute)))
        .OrderBy(NameOf, StringComparer.Ordinal);

    private void Add(Type type)
    {
        if (type.IsDefined(typeof(QueryTypeAttribute)))
            roots.Add((OperationType.Query, type));
        if (type.IsDefined(typeof(MutationTypeAttribute)))
            roots.Add((OperationType.Mutation, type));
        if (type.IsDefined(typeof(SubscriptionTypeAttribute)))
            roots.Add((OperationType.Subscription, type));
        if (type.IsDefined(typeof(InterfaceTypeAttribute)) || type.IsDefined(typeof(UnionTypeAttribute)) || type.IsDefined(typeof(NodeAttribute)))
            exposed.Add(type);
        foreach (object attribute in type.GetCustomAttributes(inherit: false))
            AddExtension(type, attribute);
    }

    private void AddExtension(Type type, object attribute)
    {
        if (!attribute.GetType().IsGenericType)
            return;
        Type definition = attribute.GetType().GetGenericTypeDefinition();
        Type target = attribute.GetType().GetGenericArguments()[0];
        if (definition == typeof(ObjectTypeAttribute<>))
        {
            exposed.Add(target);
            extensions.Add((type, target, IsType: true));
            if (attribute.GetType().GetProperty(nameof(ObjectTypeAttribute<>.Name))!.GetValue(attribute) is string name)
                names[target] = name;
        }
        else if (definition == typeof(ExtendObjectTypeAttribute<>))
        {
            extensions.Add((type, target, IsType: false));
            foreach (string property in (string[])attribute.GetType().GetProperty(nameof(ExtendObjectTypeAttribute<>.IgnoreProperties))!.GetValue(attribute)!)
                ignored.Add((target, property));
        }
    }
}
