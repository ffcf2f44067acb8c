namespace Mycelium.GridStandIn.Endpoints;

/// <summary>A list's parameters by name, each making a predicate of its text. An unknown name is refused, as GridProxy does.</summary>
internal sealed class Filters<T>(IReadOnlyDictionary<string, Func<string, Func<T, bool>>> known)
{
    /// <summary>Null when nothing was asked, so that a caller may take the shorter way.</summary>
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
