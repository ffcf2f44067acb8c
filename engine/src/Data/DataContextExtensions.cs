using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The query that a field's arguments and selections ask for, for resolvers that do not leave it to the attributes.</summary>
public static class DataContextExtensions
{
    /// <summary>The field's <c>where</c>; null when there is none.</summary>
    /// <exception cref="GraphQLException">The filter exceeds a limit.</exception>
    public static FilterPredicate<T>? Filter<T>(this ResolverContext field) =>
        Given(field, UseFilteringAttribute.Argument) is { } where ? FilterPredicate.Compile<T>(where) : null;

    /// <summary>The field's <c>first</c>, <c>after</c>, <c>last</c> and <c>before</c>, within the field's bounds.</summary>
    /// <exception cref="GraphQLException">The arguments contradict each other or are out of bounds.</exception>
    public static PagingArguments PagingArguments(this ResolverContext field)
    {
        PagingBounds bounds = field.Field.Feature<QueryFeature>()?.Paging?.Bounds ?? PagingBounds.Default;
        return bounds.Apply(new PagingArguments(
            (int?)Given(field, "first"), (string?)Given(field, "after"), (int?)Given(field, "last"), (string?)Given(field, "before")));
    }

    /// <summary>
    /// The complete query of a list field, for <see cref="PagingExtensions.ToPageAsync{T}(IQueryable{T}, PageQuery{T}, CancellationToken)"/>.
    /// </summary>
    public static PageQuery<T> PageQuery<T>(this ResolverContext field)
    {
        QueryFeature? feature = field.Field.Feature<QueryFeature>();
        var selected = SelectedData.Of(field.Selection, isConnection: feature?.Paging is not null);
        Projection<T> projection = feature?.HasProjection == true ? Projections.Of<T>(field.Selection, selected.Items) : Projection<T>.None;
        return new PageQuery<T>(field.PagingArguments())
        {
            Filter = field.Filter<T>(),
            Order = SortBounds.Check(Order(field)),
            Projection = projection.Expression,
            Members = projection.Members,
            Reader = (IStoreReader?)field.Services.GetService(typeof(IStoreReader)),
            Seal = (ICursorSeal?)field.Services.GetService(typeof(ICursorSeal)),
            Needs = selected.Needs,
            KeyProperty = feature?.Paging?.KeyProperty,
        };
    }

    private static SortPath[] Order(ResolverContext field) =>
        Given(field, UseSortingAttribute.Argument) is System.Collections.IEnumerable paths ? [.. paths.OfType<SortPath>()] : [];

    private static object? Given(ResolverContext field, string argument) => field.Selection.Arguments.GetValueOrDefault(argument);
}
