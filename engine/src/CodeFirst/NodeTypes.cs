using System.Reflection;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>An object type that <c>node(id:)</c> can fetch.</summary>
/// <param name="Resolver">The method that fetches an object by its id.</param>
/// <param name="IdParameter">The parameter of the method that is the id.</param>
/// <param name="Source">The class that declares the method.</param>
internal sealed record NodeType(Type Type, string TypeName, PropertyInfo Id, MethodInfo Resolver, ParameterInfo IdParameter, Type Source);

/// <summary>
/// The types that implement <c>Node</c>, found before any field is made, since their id types are shown as ids wherever they are used.
/// </summary>
internal sealed class NodeTypes
{
    private readonly Dictionary<Type, NodeType> byType = [];

    public NodeTypes(TypeClasses classes, ClrBindings bindings, ResolverCompiler compiler)
    {
        IEnumerable<(Type Class, Type? Target)> sources =
            [.. classes.Extensions.Select(extension => (extension.Class, (Type?)extension.Target)),
                .. classes.Roots(OperationType.Query).Select(root => (root, (Type?)null))];
        foreach ((Type source, Type? target) in sources)
        {
            foreach (MethodInfo method in source.GetMethods().Where(method => method.IsDefined(typeof(NodeResolverAttribute))))
                Add(classes, bindings, compiler, source, method, target ?? ClrShape.Of(method).Type);
        }
        if (classes.Exposed.FirstOrDefault(type => type.IsDefined(typeof(NodeAttribute)) && !byType.ContainsKey(type)) is { } orphan)
            throw new SchemaException($"{orphan.Name}: it is a [Node], and no method with [NodeResolver] fetches it.");
    }

    public IReadOnlyCollection<NodeType> All => byType.Values;

    public NodeType? Find(Type type) => byType.GetValueOrDefault(type);

    /// <summary>The object type that a parameter is the id of, when the parameter is that of a node resolver.</summary>
    public string? IdParameterOf(MethodInfo method, ParameterInfo parameter) =>
        byType.Values.FirstOrDefault(node => node.Resolver == method && node.IdParameter.Position == parameter.Position)?.TypeName;

    private void Add(TypeClasses classes, ClrBindings bindings, ResolverCompiler compiler, Type source, MethodInfo method, Type type)
    {
        string idName = type.GetCustomAttribute<NodeAttribute>()?.IdField ?? source.GetCustomAttribute<NodeAttribute>()?.IdField ?? "Id";
        PropertyInfo id = type.GetProperty(idName) ?? throw new SchemaException($"{type.Name}: it is a node and has no property {idName}.");
        ParameterInfo parameter = Array.Find(method.GetParameters(), compiler.IsArgument)
            ?? throw new SchemaException($"{source.Name}.{method.Name}: a node resolver needs a parameter for the id.");
        string name = classes.NameOf(type);
        if (!byType.TryAdd(type, new NodeType(type, name, id, method, parameter, source)))
            throw new SchemaException($"{name}: two methods with [NodeResolver] fetch it.");
        if (ValueWrapper.Of(id.PropertyType) is not null && bindings.FindId(id.PropertyType) is null && IdCodec.For(id.PropertyType) is { } codec)
            bindings.BindId(id.PropertyType, new IdBinding(name, codec));
    }
}
