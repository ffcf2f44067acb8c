using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The property that identifies items of a type.</summary>
internal static class ItemKeys
{
    private static readonly ConcurrentDictionary<(Type, string?), PropertyInfo?> Known = new();

    public static PropertyInfo? Find(Type type, string? name = null) => Known.GetOrAdd((type, name), static key =>
    {
        (Type type, string? name) = key;
        return name is not null
            ? type.GetProperty(name)
            : type.GetProperties().FirstOrDefault(property => property.IsDefined(typeof(KeyAttribute))) ?? type.GetProperty("Id");
    });

    /// <exception cref="InvalidOperationException">There is none: a mistake in the schema.</exception>
    public static PropertyInfo Of(Type type, string? name = null) => Find(type, name)
        ?? throw new InvalidOperationException($"{type.Name} has no property {name ?? "Id"} that identifies items: set KeyProperty, or mark one [Key].");
}
