using System.Reflection;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>The property that a field with a resolver of its own shows, and how it is read.</summary>
/// <param name="Read">Null when the object does not hold it, or has another type.</param>
internal sealed record LoadedMember(PropertyInfo Property, Func<object, object?> Read);
