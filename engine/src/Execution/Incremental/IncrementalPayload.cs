using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One result of a response that is delivered in parts, while it is assembled.</summary>
internal sealed class IncrementalPayload
{
    public List<PendingNotice> Pending { get; } = [];
    public List<IncrementalPart> Incremental { get; } = [];
    public List<CompletedNotice> Completed { get; } = [];

    public bool IsEmpty => Pending.Count == 0 && Incremental.Count == 0 && Completed.Count == 0;

    public void Announce(PendingDelivery delivery) => Pending.Add(new PendingNotice(delivery.Id!.Value, delivery.Path, delivery.Label));

    /// <summary>The fields of a task, under the id, known to the client, that is nearest to their object.</summary>
    public void AddData(DeliveryGroup group, DeferredTask task)
    {
        DeliveredPart part = task.Part!;
        part.Spend();
        DeliveryGroup nearest = group;
        int length = LengthOf(group.Path);
        foreach (DeliveryGroup other in task.Groups)
        {
            if (other.Id is not null && LengthOf(other.Path) is var otherLength && otherLength > length)
                (nearest, length) = (other, otherLength);
        }
        Incremental.Add(new IncrementalPart(nearest.Id!.Value, part.Data, part.Errors, SubPath: [.. (task.Path?.ToList() ?? []).Skip(length)], IsItems: false));
    }

    public void AddItems(ItemStream stream, DeliveredPart items)
    {
        items.Spend();
        Incremental.Add(new IncrementalPart(stream.Id!.Value, items.Data, items.Errors, SubPath: [], IsItems: true));
    }

    public void Complete(PendingDelivery delivery, IReadOnlyList<GraphQLError> errors)
    {
        Completed.Add(new CompletedNotice(delivery.Id!.Value, errors));
        delivery.Id = null;
    }

    public void Dispose()
    {
        foreach (IncrementalPart part in Incremental)
            part.Data.Dispose();
    }

    private static int LengthOf(ResponsePath? path)
    {
        int length = 0;
        for (; path is not null; path = path.Parent)
            length++;
        return length;
    }
}
