using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>A compiled resolver. <paramref name="supplied"/> is the value of the one parameter that the caller supplies, if there is one.</summary>
internal delegate ValueTask<object?> BoundResolver(ResolverContext context, object? supplied);

/// <summary>Turns every kind of return value into one: plain values, tasks and asynchronous sequences.</summary>
internal static class ResolverAdapter
{
    /// <param name="readsSequences">False for the source stream of a subscription, which is passed on as it is.</param>
    public static BoundResolver Adapt(Expression call, ParameterExpression context, ParameterExpression supplied, bool readsSequences)
    {
        Type returned = call.Type;
        (string name, Type result) = returned.IsGenericType ? (returned.GetGenericTypeDefinition(), returned.GetGenericArguments()[0]) switch
        {
            (var type, var of) when type == typeof(Task<>) => (nameof(FromTask), of),
            (var type, var of) when type == typeof(ValueTask<>) => (nameof(FromValueTask), of),
            (var type, var of) when type == typeof(IAsyncEnumerable<>) && readsSequences => (nameof(FromSequence), of),
            _ => (nameof(FromValue), returned),
        } : (nameof(FromValue), returned);
        Delegate compiled = Expression.Lambda(
            typeof(Func<,,>).MakeGenericType(typeof(ResolverContext), typeof(object), returned), call, context, supplied).Compile();
        return (BoundResolver)typeof(ResolverAdapter).GetMethod(
            name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result).Invoke(null, [compiled])!;
    }

    private static BoundResolver FromValue<T>(Func<ResolverContext, object?, T> call) => (context, supplied) => new(call(context, supplied));

    private static BoundResolver FromTask<T>(Func<ResolverContext, object?, Task<T>> call) => (context, supplied) =>
    {
        Task<T> task = call(context, supplied);
        return task.IsCompletedSuccessfully ? new(task.Result) : Await(task);
    };

    private static BoundResolver FromValueTask<T>(Func<ResolverContext, object?, ValueTask<T>> call) => (context, supplied) =>
    {
        ValueTask<T> task = call(context, supplied);
        return task.IsCompletedSuccessfully ? new(task.Result) : Await(task.AsTask());
    };

    private static BoundResolver FromSequence<T>(Func<ResolverContext, object?, IAsyncEnumerable<T>> call) =>
        (context, supplied) => context is PlannedContext { IsStreamed: true }
            ? new(Boxed(call(context, supplied)))
            : Materializer.ReadAsync(call(context, supplied), context.RequestAborted);

    private static async IAsyncEnumerable<object?> Boxed<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (T item in items.WithCancellation(cancellation).ConfigureAwait(false))
            yield return item;
    }

    private static async ValueTask<object?> Await<T>(Task<T> task) => await task;
}
