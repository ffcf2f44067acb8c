using System.Reflection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Supplies resolvers with the query of their field: a <see cref="PageQuery{T}"/>, <see cref="PagingArguments"/>, or the filter as a
/// <see cref="FilterPredicate{T}"/>, which matches everything when there is no filter.
/// </summary>
internal sealed class DataParameterBinder : IParameterBinder
{
    public bool CanBind(ParameterInfo parameter) => parameter.ParameterType == typeof(PagingArguments) || Definition(parameter) is not null;

    public Func<ResolverContext, object?> Bind(ParameterInfo parameter)
    {
        if (Definition(parameter) is not { } definition)
            return context => context.PagingArguments();
        string method = definition == typeof(PageQuery<>) ? nameof(PageQuery) : nameof(Filter);
        return (Func<ResolverContext, object?>)typeof(DataParameterBinder).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(parameter.ParameterType.GetGenericArguments()).Invoke(null, null)!;
    }

    private static Func<ResolverContext, object?> PageQuery<T>() => context => context.PageQuery<T>();

    private static Func<ResolverContext, object?> Filter<T>() => context => context.Filter<T>() ?? FilterPredicate.Compile<T>(null);

    private static Type? Definition(ParameterInfo parameter) =>
        parameter.ParameterType.IsGenericType && parameter.ParameterType.GetGenericTypeDefinition() is var definition
            && (definition == typeof(PageQuery<>) || definition == typeof(FilterPredicate<>)) ? definition : null;
}
