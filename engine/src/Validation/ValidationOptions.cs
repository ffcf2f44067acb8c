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
    /// Fields that merging may look at, a field counting twice for each set of selections that it is merged in. One operation of 2,048 fields needs about
    /// 4,000, fifty that share 1,000 fields in fragments 100,000; twice that takes some 20 ms. Only fragments in ever new combinations need more.
    /// </summary>
    public int MaxFieldComparisons { get; init; } = 200_000;

    /// <summary>Fragments that may be reached from all operations together: operations times fragments can be large where both are many.</summary>
    public int MaxFragmentVisits { get; init; } = 100_000;

    /// <summary>Directives at one place of the document.</summary>
    public int MaxDirectives { get; init; } = 4;

    /// <summary>Aliases in the whole document; unbounded unless set, since the parser bounds the fields.</summary>
    public int MaxAliases { get; init; } = int.MaxValue;

    /// <summary>Fields in the whole document that their selection set has already; unbounded unless set, since the parser bounds the fields.</summary>
    public int MaxRepeatedFields { get; init; } = int.MaxValue;

    /// <summary>How often one field may stand above itself on any way down, fragments included; unbounded unless set.</summary>
    public int? MaxFieldCycleDepth { get; init; }

    /// <summary>How often one of introspection's lists of a type may stand above itself: fields of types of fields tell nothing new.</summary>
    public int MaxIntrospectionListDepth { get; init; } = 1;

    /// <summary>How often <c>ofType</c> may stand above itself; no type is wrapped as often.</summary>
    public int MaxIntrospectionOfTypeDepth { get; init; } = 16;
}
