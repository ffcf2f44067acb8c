namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// A field of an operation after fragments and aliases are merged, for one request: <c>@skip</c> and <c>@include</c> have been applied.
/// </summary>
public abstract class Selection
{
    public abstract string ResponseName { get; }
    public abstract FieldDefinition Field { get; }

    /// <summary>The selections below this one when the value is of <paramref name="type"/>, in response order; empty for leaves.</summary>
    public abstract IReadOnlyList<Selection> SelectionsFor(ObjectType type);

    /// <summary>
    /// Identifies this selection with the same <c>@skip</c>/<c>@include</c> outcome across requests of one cached operation: a key for compiled
    /// queries.
    /// </summary>
    public abstract object CacheKey { get; }

    /// <summary>The argument values of this selection, coerced for this request; an absent argument without a default has no entry.</summary>
    public abstract IReadOnlyDictionary<string, object?> Arguments { get; }
}
