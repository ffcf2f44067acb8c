using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The step around a resolver that turns the query it returns into the items that the operation requests.</summary>
internal abstract class QueryStep
{
    public static FieldMiddleware Create(QueryFeature feature)
    {
        var step = (QueryStep)Activator.CreateInstance(typeof(QueryStep<>).MakeGenericType(feature.ElementType))!;
        return next => async context =>
        {
            object? result = await next(context).ConfigureAwait(false);
            return result is null ? null : await step.RunAsync(result, feature, context).ConfigureAwait(false);
        };
    }

    protected abstract ValueTask<object?> RunAsync(object result, QueryFeature feature, ResolverContext context);
}

/// <inheritdoc cref="QueryStep"/>
internal sealed class QueryStep<T> : QueryStep
{
    protected override async ValueTask<object?> RunAsync(object result, QueryFeature feature, ResolverContext context)
    {
        if (feature.Paging is not null && context.Field.Type.Named.RuntimeType != typeof(Connection<T>))
            throw new InvalidOperationException($"{context.Field.Type.Named} has items of another type than {typeof(T).Name}: set ConnectionName.");
        switch (result)
        {
            case Connection<T>:
                return result;
            case Page<T> page:
                return page.ToConnection();
            case IAsyncEnumerable<T> stream and not IQueryable<T>:
                return await RunAsync(await ReadAsync(stream, context.RequestAborted).ConfigureAwait(false), feature, context).ConfigureAwait(false);
        }

        IQueryable<T> source = result as IQueryable<T> ?? ((IEnumerable<T>)result).AsQueryable();
        PageQuery<T> query = context.PageQuery<T>();
        if (feature.Paging is not null)
            return (await source.ToPageAsync(query, context.RequestAborted).ConfigureAwait(false)).ToConnection();
        if (StorePaging.TryReadList(source, query, feature.TakesFirst ? 1 : null, context.RequestAborted) is { } reading)
        {
            T[] read = (await reading.ConfigureAwait(false)).Items;
            return !feature.TakesFirst ? read : read.Length > 0 ? read[0] : null;
        }
        List<T> items = await Listed(source, query, feature).ToListAsync(context.RequestAborted).ConfigureAwait(false);
        return feature.TakesFirst ? items.FirstOrDefault() : items;
    }

    /// <summary>The whole list. Without a page it needs no key to end its order.</summary>
    private static IQueryable<T> Listed(IQueryable<T> source, PageQuery<T> query, QueryFeature feature)
    {
        IQueryable<T> list = source;
        if (query.Order.Count > 0)
        {
            (IQueryable<T> unordered, ItemOrder<T> order) = ItemOrder<T>.For(source, query.Order, ItemKeys.Find(typeof(T)));
            list = order.Apply(query.Filtered(unordered));
        }
        else
        {
            list = query.Filtered(source);
        }
        if (feature.TakesFirst)
            list = list.Take(1);
        return query.Projection is { } projection && ItemSources.Of(list) == ItemSource.Store ? list.Select(projection) : list;
    }

    private static async Task<List<T>> ReadAsync(IAsyncEnumerable<T> stream, CancellationToken cancellation)
    {
        var items = new List<T>();
        await foreach (T item in stream.WithCancellation(cancellation).ConfigureAwait(false))
            items.Add(item);
        return items;
    }
}
