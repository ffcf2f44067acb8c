using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Nodes;

/// <summary>Everything that registering a node can lead to.</summary>
public interface IRegisterNodeResult;

/// <summary>Everything that publishing a node can lead to.</summary>
public interface IPublishNodeResult;

/// <summary>Everything that taking a node off the market can lead to.</summary>
public interface IUnpublishNodeResult;

/// <summary>Everything that pricing a node can lead to.</summary>
public interface ISetNodePricingResult;

/// <summary>The node is the caller's to price and publish.</summary>
public sealed record NodeRegistered(GridNode Node) : IRegisterNodeResult;

/// <summary>The node's slices are on the market.</summary>
public sealed record NodePublished(GridNode Node) : IPublishNodeResult;

/// <summary>The node sells no more; its rentals stay.</summary>
public sealed record NodeUnpublished(GridNode Node) : IUnpublishNodeResult;

/// <summary>The price of new rentals is set.</summary>
public sealed record NodePricingSet(GridNode Node, MicroUsdPerHour PreviousPricePerSlice) : ISetNodePricingResult;

/// <summary>The grid knows no node of this number, or we have not read it yet.</summary>
public sealed record NodeNotFound(NodeId NodeId)
    : IRegisterNodeResult, IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IProblem
{
    public string Message => $"Node {NodeId.Number} is not known. A new node appears after the next sync of its grid.";
    public ProblemCode Code => ProblemCode.NodeNotFound;
}

/// <summary>The node belongs to a farm whose twin is not linked to the caller's account.</summary>
public sealed record NotYourNode(NodeId NodeId)
    : IRegisterNodeResult, IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IProblem
{
    public string Message => $"Node {NodeId.Number} belongs to another farmer. If the farm is yours, have its twin linked to your account.";
    public ProblemCode Code => ProblemCode.NotYourNode;
}

/// <summary>The node is already registered.</summary>
public sealed record NodeAlreadyRegistered(NodeId NodeId) : IRegisterNodeResult, IProblem
{
    public string Message => $"Node {NodeId.Number} is already registered.";
    public ProblemCode Code => ProblemCode.NodeAlreadyRegistered;
}

/// <summary>The node must be registered first.</summary>
public sealed record NodeNotRegistered(NodeId NodeId) : IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IProblem
{
    public string Message => $"Register node {NodeId.Number} first.";
    public ProblemCode Code => ProblemCode.NodeNotRegistered;
}

/// <summary>The node is on the market already.</summary>
public sealed record NodeAlreadyPublished(NodeId NodeId) : IPublishNodeResult, IProblem
{
    public string Message => $"Node {NodeId.Number} is already published.";
    public ProblemCode Code => ProblemCode.NodeAlreadyPublished;
}

/// <summary>The node is not on the market.</summary>
public sealed record NodeNotPublished(NodeId NodeId) : IUnpublishNodeResult, IProblem
{
    public string Message => $"Node {NodeId.Number} is not published.";
    public ProblemCode Code => ProblemCode.NodeNotPublished;
}

/// <summary>Even empty, the node is smaller than one base slice.</summary>
public sealed record NodeHoldsNoSlice(NodeId NodeId) : IPublishNodeResult, IProblem
{
    public int CoresMin { get; } = BaseSlice.Cores;
    public long MemoryBytesMin { get; } = BaseSlice.MemoryBytes;
    public long SsdBytesMin { get; } = BaseSlice.SsdBytes;
    public string Message => $"Node {NodeId.Number} is too small: a slice needs 1 core, 4 GiB of memory and 200 GiB of SSD.";
    public ProblemCode Code => ProblemCode.NodeHoldsNoSlice;
}

/// <summary>A slice costs at least <paramref name="Min"/> and at most <paramref name="Max"/> an hour.</summary>
public sealed record PriceOutOfRange(MicroUsdPerHour Price, MicroUsdPerHour Min, MicroUsdPerHour Max)
    : IRegisterNodeResult, ISetNodePricingResult, IProblem
{
    public string Message => $"The price of a slice must be between {Min} and {Max} dollars an hour.";
    public ProblemCode Code => ProblemCode.PriceOutOfRange;
}
