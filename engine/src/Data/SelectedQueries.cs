using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// The queries of one data loader, one for each place in the operation, shared by all parents there. Lives as long as the loader; thread-safe.
/// </summary>
internal sealed class SelectedQueries<T>
{
    private readonly Lock gate = new();
    private List<(object Place, PageQuery<T> Query)>? queries;

    /// <summary>The query of a list that is not paged.</summary>
    public PageQuery<T> Of(Selection selection, IServiceProvider services)
    {
        lock (gate)
            return Find(selection) ?? Add(selection, Make(selection, services));
    }

    /// <summary>The query of a connection.</summary>
    public PageQuery<T> OfPage(ResolverContext field)
    {
        lock (gate)
            return Find(field.Selection) ?? Add(field.Selection, field.PageQuery<T>());
    }

    /// <summary>An operation has few places for one loader.</summary>
    private PageQuery<T>? Find(Selection selection)
    {
        foreach ((object place, PageQuery<T> query) in queries ??= new(1))
        {
            if (place == selection.CacheKey)
                return query;
        }
        return null;
    }

    private PageQuery<T> Add(Selection selection, PageQuery<T> query)
    {
        queries!.Add((selection.CacheKey, query));
        return query;
    }

    private static PageQuery<T> Make(Selection selection, IServiceProvider services)
    {
        Projection<T> projection = Projections.Of<T>(selection, [selection]);
        return new PageQuery<T>(new PagingArguments())
        {
            Projection = projection.Expression,
            Members = projection.Members,
            Reader = (IStoreReader?)services.GetService(typeof(IStoreReader)),
            Needs = PageNeeds.ItemsAlone,
        };
    }
}
