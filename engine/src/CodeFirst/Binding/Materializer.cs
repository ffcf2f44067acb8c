using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Reads a deferred sequence, such as a query, to its end, so that its source can be disposed afterwards.</summary>
internal static class Materializer
{
    private static readonly ConcurrentDictionary<Type, Func<object, CancellationToken, ValueTask<object?>>?> Readers = new();

    public static ValueTask<object?> CompleteAsync(object? result, CancellationToken cancellation)
    {
        if (result is null or string or ICollection || result.GetType().IsValueType)
            return new(result);
        if (Readers.GetOrAdd(result.GetType(), Compile) is { } read)
            return read(result, cancellation);
        return new(result is IEnumerable items and not IReadOnlyDictionary<string, object?> ? items.Cast<object?>().ToList() : result);
    }

    public static async ValueTask<object?> ReadAsync<T>(IAsyncEnumerable<T> items, CancellationToken cancellation)
    {
        var list = new List<T>();
        await foreach (T item in items.WithCancellation(cancellation))
            list.Add(item);
        return list;
    }

    private static Func<object, CancellationToken, ValueTask<object?>>? Compile(Type type)
    {
        Type? item = Array.Find(
            type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            ?.GetGenericArguments()[0];
        return item is null ? null : (Func<object, CancellationToken, ValueTask<object?>>)typeof(Materializer)
            .GetMethod(nameof(Untyped), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item).Invoke(null, null)!;
    }

    private static Func<object, CancellationToken, ValueTask<object?>> Untyped<T>() =>
        (items, cancellation) => ReadAsync((IAsyncEnumerable<T>)items, cancellation);
}
