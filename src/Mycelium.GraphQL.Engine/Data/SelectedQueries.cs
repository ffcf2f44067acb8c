using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>What the places of one operation select of lists that are not paged: the same query for all parents at a place.</summary>
internal sealed class SelectedQueries<T>
{
    private readonly ConditionalWeakTable<object, PageQuery<T>> queries = [];

    public PageQuery<T> Of(ResolverContext field) =>
        queries.TryGetValue(field.Selection.CacheKey, out PageQuery<T>? known) ? known : queries.GetValue(field.Selection.CacheKey, _ => Make(field));

    private static PageQuery<T> Make(ResolverContext field)
    {
        Projection<T> projection = Projections.Of<T>(field.Selection, [field.Selection]);
        return new PageQuery<T>(new PagingArguments())
        {
            Projection = projection.Expression,
            Members = projection.Members,
            Reader = (IStoreReader?)field.Services.GetService(typeof(IStoreReader)),
            Needs = new PageNeeds(Items: true, Cursors: false, TotalCount: false),
        };
    }
}
