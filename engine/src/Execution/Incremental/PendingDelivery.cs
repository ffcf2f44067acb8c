using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Something of the answer that comes later, and of which the client is told under an id.</summary>
internal abstract class PendingDelivery(ResponsePath? path, string? label)
{
    /// <summary>Where it belongs: an object or a list; null for the root.</summary>
    public ResponsePath? Path => path;

    public string? Label => label;

    /// <summary>Null as long as the client has not been told, and again once it is complete.</summary>
    public int? Id { get; set; }

    /// <summary>Counts in the bound on what may be pending.</summary>
    public bool IsOpen { get; set; }
}

/// <summary>One <c>@defer</c> at one object of the answer: complete when all its tasks are.</summary>
internal sealed class DeliveryGroup(DeferUsage usage, ResponsePath? path, DeliveryGroup? parent) : PendingDelivery(path, usage.Label)
{
    public DeferUsage Usage => usage;

    /// <summary>The one that has to be complete before the client is told of this one.</summary>
    public DeliveryGroup? Parent => parent;

    public List<DeliveryGroup> Children { get; } = [];

    /// <summary>Tasks that no other group has delivered.</summary>
    public List<DeferredTask> Tasks { get; } = [];

    public int UnfinishedCount { get; set; }

    /// <summary>The client has been told, or is just being told.</summary>
    public bool IsStarted { get; set; }
}
