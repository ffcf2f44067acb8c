using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>What a resolver can know about the request, its field and its parent.</summary>
public abstract class ResolverContext
{
    public abstract Schema Schema { get; }
    public abstract FieldDefinition Field { get; }

    /// <summary>The field as this operation selects it, with the selections below it.</summary>
    public abstract Selection Selection { get; }

    /// <summary>The response path: names and list indices from the root.</summary>
    public abstract ResponsePath Path { get; }

    /// <summary>The services of the request.</summary>
    public abstract IServiceProvider Services { get; }

    public abstract ClaimsPrincipal User { get; }

    /// <summary>Cancelled when the client has disconnected or the operation has timed out.</summary>
    public abstract CancellationToken RequestAborted { get; }

    /// <summary>State of the request, shared by all its resolvers; thread-safe.</summary>
    public abstract IDictionary<string, object?> ContextData { get; }

    /// <summary>State that the middleware of this field passes on.</summary>
    public abstract IDictionary<Type, object> LocalData { get; }

    public abstract T Parent<T>();

    /// <summary>The coerced argument, or its type's default when it was not given.</summary>
    public abstract T ArgumentValue<T>(string name);

    /// <summary>False when the argument was neither given nor has a default.</summary>
    public abstract bool HasArgument(string name);

    /// <summary>The data loader of the given type for this request; it lives as long as the request.</summary>
    public abstract TLoader DataLoader<TLoader>() where TLoader : class, IDataLoader;

    /// <summary>Adds an error at this field, in addition to its value.</summary>
    public abstract void ReportError(GraphQLError error);
}
