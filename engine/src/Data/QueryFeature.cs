using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// The combined effect of <c>[UsePaging]</c>, <c>[UseProjection]</c>, <c>[UseFiltering]</c> and <c>[UseSorting]</c> on one field. They share one step
/// around the resolver, so the order of the attributes does not matter.
/// </summary>
internal sealed class QueryFeature
{
    private QueryFeature(Type elementType) => ElementType = elementType;

    /// <summary>The CLR type of one item.</summary>
    public Type ElementType { get; }

    public PagingFeature? Paging { get; set; }
    public bool HasFilter { get; set; }
    public bool HasOrder { get; set; }
    public bool HasProjection { get; set; }

    /// <summary>The field returns only the first item.</summary>
    public bool TakesFirst { get; set; }

    public static QueryFeature Of(FieldDescriptor field)
    {
        if (field.Features.TryGetValue(typeof(QueryFeature), out object? known))
            return (QueryFeature)known;

        if (ElementTypes.Of(field.ResultType) is not { } shown)
            throw new SchemaException($"it returns {field.ResultType?.Name}; filtering, sorting and paging need an IQueryable<T> or another list.");
        var feature = new QueryFeature(shown);
        field.Features.Add(typeof(QueryFeature), feature);
        field.Middleware.Add(QueryStep.Create(feature));
        return feature;
    }
}

/// <summary>How a field is paged.</summary>
internal sealed record PagingFeature(PagingBounds Bounds, string? KeyProperty);
