namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>How validation answers, and what it may cost. The defaults suit documents of strangers.</summary>
public sealed record ValidationOptions
{
    public static ValidationOptions Default { get; } = new();

    /// <summary>Errors kept; after them one more says that there were too many. A person reads few, and each costs time and bytes.</summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>Whether messages propose names of the schema ("Did you mean …?"). Off, a message tells nothing that the client did not write.</summary>
    public bool HasSuggestions { get; init; } = true;

    /// <summary>
    /// Fields that merging may look at, a field counting once for each set of selections it is merged in. A document of 2,048 fields needs about
    /// 4,000; only fragments that are spread in ever new combinations need more than 100,000.
    /// </summary>
    public int MaxFieldComparisons { get; init; } = 100_000;

    /// <summary>Fragments that may be reached from all operations together: operations times fragments can be large where both are many.</summary>
    public int MaxFragmentVisits { get; init; } = 100_000;
}
