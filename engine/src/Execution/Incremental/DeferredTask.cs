using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Fields of one object that are resolved and written once the client has been notified of one of their groups.</summary>
internal sealed class DeferredTask(DeliveryGroup[] groups, ResponsePath? path, SelectionSetPlan set, object value, DeliveryScope? scope)
{
    private FieldResolution? resolution;

    public DeliveryGroup[] Groups => groups;

    /// <summary>Of the object.</summary>
    public ResponsePath? Path => path;

    public bool IsStarted { get; private set; }
    public bool IsSettled { get; set; }

    /// <summary>As written; null before that, and when the fields failed.</summary>
    public DeliveredPart? Part { get; private set; }

    /// <summary>Why the fields failed; empty otherwise.</summary>
    public IReadOnlyList<GraphQLError> Failure { get; private set; } = [];

    /// <summary>Lists below that continue once this is delivered.</summary>
    public List<ItemStream> Streams { get; } = [];

    /// <param name="ready">Called when all fields are resolved.</param>
    public void Start(RequestState request, Action<DeferredTask> ready)
    {
        IsStarted = true;
        if (!set.IsPure)
        {
            resolution = new FieldResolution(request, set.SlotFields.Length + 1, path, () => ready(this));
            resolution.StartFields(FieldResolution.RootSlot, set, value);
        }
        if (resolution is not { IsIdle: false })
            ready(this);
    }

    /// <summary>Writes what was resolved.</summary>
    public void Settle(RequestState request, DeliveryBudget budget)
    {
        var part = new DeliveredPart(request, budget);
        try
        {
            part.Begin(resolution, path, scope);
            if (part.Writer.WriteObject(set, value, resolution is null ? -1 : resolution.Slots[FieldResolution.RootSlot].First))
                Part = part.End(resolution);
            else
                Failure = part.Failure;
        }
        finally
        {
            if (Part is null)
                part.Dispose();
            resolution = null;
        }
    }
}
