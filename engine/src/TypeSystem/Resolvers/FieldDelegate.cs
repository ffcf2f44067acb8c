namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Resolves one field of one parent. Its value may be any CLR value that the field's type can complete.</summary>
public delegate ValueTask<object?> FieldDelegate(ResolverContext context);

/// <summary>A step around a field's resolver, such as paging or filtering; the first one added runs first.</summary>
internal delegate FieldDelegate FieldMiddleware(FieldDelegate next);

/// <summary>
/// Starts the source stream of a subscription. Each item becomes <see cref="ResolverContext.Parent{T}"/> of one execution of the field's resolver.
/// </summary>
public delegate ValueTask<IAsyncEnumerable<object>> SubscribeDelegate(ResolverContext context);
