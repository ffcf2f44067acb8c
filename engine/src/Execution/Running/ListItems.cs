using System.Collections;

namespace Mycelium.GraphQL.Engine.Execution;

internal static class ListItems
{
    /// <summary>The items of a list field's value.</summary>
    /// <exception cref="InvalidOperationException">The value is not a list.</exception>
    public static IList Of(object value) => value switch
    {
        IList list => list,
        string => throw new InvalidOperationException("A list field was resolved to a string."),
        IEnumerable items => items.Cast<object?>().ToArray(),
        _ => throw new InvalidOperationException($"A list field was resolved to {value.GetType()}."),
    };
}
