using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One field of one object while it is resolved. It is also the continuation of a resolver that did not complete synchronously.</summary>
internal sealed class FieldContext(FieldResolution resolution, FieldPlan plan, object? parent, int slot)
    : PlannedContext(resolution.Request, plan, parent), IRunWork
{
    private ValueTask<object?> pending;

    public override ResponsePath Path => resolution.Slots.PathOf(slot)!;

    /// <summary>Continues with the field once the resolver's task has ended.</summary>
    public void Await(ValueTask<object?> task)
    {
        pending = task;
        resolution.Expect();
        task.GetAwaiter().UnsafeOnCompleted(Post);
    }

    public void Proceed()
    {
        resolution.Finish(Plan, slot, pending);
        resolution.Ended();
    }

    protected override void Report(GraphQLError error) => resolution.Report(error);

    private void Post() => Request.Loop.Post(this);
}
