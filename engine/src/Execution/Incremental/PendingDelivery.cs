using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A part of the response that is delivered later, and announced to the client under an id.</summary>
internal abstract class PendingDelivery(ResponsePath? path, string? label)
{
    /// <summary>Where it belongs: an object or a list; null for the root.</summary>
    public ResponsePath? Path => path;

    public string? Label => label;

    /// <summary>Null until the client has been notified, and again once it is complete.</summary>
    public int? Id { get; set; }

    /// <summary>Counts towards the limit on pending deliveries.</summary>
    public bool IsOpen { get; set; }
}

/// <summary>One <c>@defer</c> at one object of the response: complete when all its tasks are.</summary>
internal sealed class DeliveryGroup(DeferUsage usage, ResponsePath? path, DeliveryGroup? parent) : PendingDelivery(path, usage.Label)
{
    public DeferUsage Usage => usage;

    /// <summary>The one that must be complete before this one is announced.</summary>
    public DeliveryGroup? Parent => parent;

    public List<DeliveryGroup> Children { get; } = [];

    /// <summary>Tasks that no other group has delivered.</summary>
    public List<DeferredTask> Tasks { get; } = [];

    public int UnfinishedCount { get; set; }

    /// <summary>The client has been notified, or is being notified.</summary>
    public bool IsStarted { get; set; }
}
