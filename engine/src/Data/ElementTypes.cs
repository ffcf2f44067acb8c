namespace Mycelium.GraphQL.Engine.Data;

internal static class ElementTypes
{
    /// <summary>The type of the items of a list, page or connection; null for any other type.</summary>
    public static Type? Of(Type? type)
    {
        if (type is null || type == typeof(string))
            return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(Page<>) || definition == typeof(Connection<>)))
            return type.GetGenericArguments()[0];
        return type.GetInterfaces().Prepend(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() is var definition
                && (definition == typeof(IEnumerable<>) || definition == typeof(IAsyncEnumerable<>)))
            ?.GetGenericArguments()[0];
    }
}
