using System.Collections.Concurrent;
using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.SchemaFirst;

/// <summary>Reads the member with the field's name from its parent: a dictionary's entry, or a property looked up once for each CLR type.</summary>
internal sealed class DefaultResolver(string name)
{
    private readonly ConcurrentDictionary<Type, Func<object, object?>> readers = new();

    public object? Read(object parent) => parent is IReadOnlyDictionary<string, object?> map
        ? map.GetValueOrDefault(name)
        : readers.GetOrAdd(parent.GetType(), Compile)(parent);

    private Func<object, object?> Compile(Type type)
    {
        PropertyInfo? property = type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return property is null ? _ => null : PropertyReader.Compile(property);
    }
}
