namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>What validation reports, and what it may cost. The defaults are for untrusted documents.</summary>
public sealed record ValidationOptions
{
    public static ValidationOptions Default { get; } = new();

    /// <summary>
    /// The maximum number of errors; one more says that there were too many. People read only a few, and each costs time and bytes.
    /// </summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>
    /// Whether messages suggest names of the schema ("Did you mean …?"). If not, a message reveals nothing that the client did not write.
    /// </summary>
    public bool HasSuggestions { get; init; } = true;

    /// <summary>
    /// The maximum number of fields that merging may compare; a field counts twice for each set of selections that it is merged in. One operation of
    /// 2,048 fields needs about 4,000, fifty that share 1,000 fields in fragments 100,000; twice that takes about 20 ms. Only fragments that keep
    /// being combined in new ways need more.
    /// </summary>
    public int MaxFieldComparisons { get; init; } = 200_000;

    /// <summary>
    /// The maximum number of fragments reached from all operations together: operations times fragments can be large when there are many of both.
    /// </summary>
    public int MaxFragmentVisits { get; init; } = 100_000;

    /// <summary>The maximum number of directives at one location of the document.</summary>
    public int MaxDirectives { get; init; } = 4;

    /// <summary>The maximum number of aliases in the whole document; no limit by default, since the parser limits the fields.</summary>
    public int MaxAliases { get; init; } = int.MaxValue;

    /// <summary>
    /// The maximum number of fields in the whole document that repeat one of their selection set; no limit by default, since the parser limits the
    /// fields.
    /// </summary>
    public int MaxRepeatedFields { get; init; } = int.MaxValue;

    /// <summary>How often one field may be nested inside itself on any path down, including fragments; no limit by default.</summary>
    public int? MaxFieldCycleDepth { get; init; }

    /// <summary>How often one of the lists of introspection types may be nested inside itself: fields of types of fields add nothing new.</summary>
    public int MaxIntrospectionListDepth { get; init; } = 1;

    /// <summary>How often <c>ofType</c> may be nested inside itself; no type has as many wrappers.</summary>
    public int MaxIntrospectionOfTypeDepth { get; init; } = 16;
}
