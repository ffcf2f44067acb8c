namespace Mycelium.GridStandIn.Endpoints;

/// <summary>The filters of a list by parameter name, each of which turns a text into a predicate. Unknown names are refused, as in GridProxy.</summary>
internal sealed class Filters<T>(IReadOnlyDictionary<string, Func<string, Func<T, bool>>> known)
{
    /// <summary>Null if there is no filter, so that the caller can take a shortcut.</summary>
    public Func<T, bool>? From(IQueryCollection query)
    {
        var wanted = new List<Func<T, bool>>();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            if (Paging.Knows(name))
                continue;
            if (!known.TryGetValue(name, out Func<string, Func<T, bool>>? make))
                throw new BadQueryException($"unknown parameter \"{name}\"");
            if (values.ToString() is { Length: > 0 } text)
                wanted.Add(make(text));
        }
        return wanted.Count == 0 ? null : item => wanted.TrueForAll(fits => fits(item));
    }
}
