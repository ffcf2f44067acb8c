using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The top-level <c>extensions</c> of a response: what a service returns in addition to the data.</summary>
public static class ResponseExtensions
{
    internal const string Key = "mycelium.responseExtensions";

    /// <summary>Sets an entry; the last call wins. Values are JSON primitives, or lists or maps of them.</summary>
    public static void SetResponseExtension(this ResolverContext context, string name, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        IDictionary<string, object?> data = context.ContextData;
        lock (data)
        {
            if (!data.TryGetValue(Key, out object? entries))
                data[Key] = entries = new ConcurrentDictionary<string, object?>(StringComparer.Ordinal);
            ((ConcurrentDictionary<string, object?>)entries!)[name] = value;
        }
    }
}
