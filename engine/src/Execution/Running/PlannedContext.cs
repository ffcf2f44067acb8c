using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A field of a plan with its parent: a <see cref="ResolverContext"/> without its position in the response.</summary>
internal abstract class PlannedContext(RequestState request, FieldPlan plan, object? parent) : ResolverContext
{
    private RequestSelection? selection;
    private Dictionary<Type, object>? localData;

    protected RequestState Request => request;
    protected FieldPlan Plan => plan;

    /// <summary>The field's list is streamed: a sequence should be left as it is.</summary>
    public bool IsStreamed => plan.Stream is not null;
    protected virtual ArgumentValues Arguments => request.ArgumentsOf(plan);

    public sealed override Schema Schema => request.Schema;
    public sealed override FieldDefinition Field => plan.Field;
    public sealed override Selection Selection => selection ??= new RequestSelection(request, plan);
    public sealed override IServiceProvider Services => request.Services;
    public sealed override ClaimsPrincipal User => request.Request.User;
    public sealed override CancellationToken RequestAborted => request.Deadline.Token;
    public sealed override IDictionary<string, object?> ContextData => request.ContextData;
    public sealed override IDictionary<Type, object> LocalData => localData ??= [];

    public sealed override T Parent<T>() => parent is T typed
        ? typed
        : throw new InvalidOperationException($"The parent of {plan.Field.Name} is {parent?.GetType().Name ?? "null"}, not {typeof(T).Name}.");

    public sealed override T ArgumentValue<T>(string name)
    {
        if (!Arguments.Values.TryGetValue(name, out object? value) || value is null)
            return default!;
        return value is T typed
            ? typed
            : throw new InvalidOperationException($"The argument {name} of {plan.Field.Name} is {value.GetType().Name}, not {typeof(T).Name}.");
    }

    public sealed override bool HasArgument(string name) => Arguments.Values.ContainsKey(name);

    public sealed override TLoader DataLoader<TLoader>() => request.DataLoader<TLoader>();

    protected abstract void Report(GraphQLError error);

    public sealed override void ReportError(GraphQLError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Report(error.At(Path, plan.Locations));
    }
}
