using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The root field of a subscription while its source is started.</summary>
internal sealed class SourceContext(RequestState request, FieldPlan plan, ArgumentValues arguments, SubscribeDelegate subscribe)
    : PlannedContext(request, plan, parent: null), IRunWork
{
    protected override ArgumentValues Arguments => arguments;

    public override ResponsePath Path { get; } = ResponsePath.Root(plan.ResponseName);

    /// <summary>Calls the field's delegate. The loop is drained while it runs, since it may use data loaders.</summary>
    public async Task<IAsyncEnumerable<object>> StartAsync()
    {
        Task<IAsyncEnumerable<object>> starting = subscribe(this).AsTask();
        if (!starting.IsCompleted)
        {
            Request.Loop.Expect();
            starting.GetAwaiter().UnsafeOnCompleted(() => Request.Loop.Post(this));
            using (new StopGuard(Request))
                await Request.Loop.DrainAsync().ConfigureAwait(false);
            if (Request.Loop.IsAborting)
                Request.Deadline.ThrowIfPassed();
        }
        return await starting.ConfigureAwait(false);
    }

    /// <summary>There is no response yet that could contain an error.</summary>
    protected override void Report(GraphQLError error)
    {
    }

    public void Proceed()
    {
        // Whatever drains the loop observes the task itself.
    }
}
