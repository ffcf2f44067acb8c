using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Nodes;

/// <summary>The possible results of registering a node.</summary>
public interface IRegisterNodeResult;

/// <summary>The possible results of publishing a node.</summary>
public interface IPublishNodeResult;

/// <summary>The possible results of taking a node off the market.</summary>
public interface IUnpublishNodeResult;

/// <summary>The possible results of pricing a node.</summary>
public interface ISetNodePricingResult;

/// <summary>The node is registered: the caller may now price and publish it.</summary>
public sealed record NodeRegistered(GridNode GridNode) : IRegisterNodeResult;

/// <summary>The node's slices are on the market.</summary>
public sealed record NodePublished(GridNode GridNode) : IPublishNodeResult;

/// <summary>The node is off the market; its rentals stay.</summary>
public sealed record NodeUnpublished(GridNode GridNode) : IUnpublishNodeResult;

/// <summary>The price for new rentals is set.</summary>
public sealed record NodePricingSet(GridNode GridNode, MicroUsdPerHour PreviousPricePerSliceHour) : ISetNodePricingResult;

/// <summary>No node has this ID.</summary>
public sealed record NodeNotFound(NodeId NodeId) : IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IWholeNodeRefusal
{
    public string Message => "There is no node with this ID. Look it up by its grid and its number there.";
    public ProblemCode Code => ProblemCode.NodeNotFound;
}

/// <summary>The grid has no node with this number, or it has not been read yet.</summary>
public sealed record NodeNotOnGrid(string Grid, long GridId) : IRegisterNodeResult, IProblem
{
    public string Message => $"Grid {Grid} has no node {GridId}. A new node appears after the next sync of its grid.";
    public ProblemCode Code => ProblemCode.NodeNotOnGrid;
}

/// <summary>The node belongs to a farm whose twin is not linked to the caller's account.</summary>
public sealed record NotYourNode(NodeId NodeId, string Grid)
    : IRegisterNodeResult, IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} belongs to another farmer. If the farm is yours, have its twin linked to your account.";
    public ProblemCode Code => ProblemCode.NotYourNode;
}

/// <summary>The node is already registered.</summary>
public sealed record NodeAlreadyRegistered(NodeId NodeId, string Grid) : IRegisterNodeResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} is already registered.";
    public ProblemCode Code => ProblemCode.NodeAlreadyRegistered;
}

/// <summary>The node must be registered first.</summary>
public sealed record NodeNotRegistered(NodeId NodeId, string Grid) : IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} is not registered. Register it first.";
    public ProblemCode Code => ProblemCode.NodeNotRegistered;
}

/// <summary>The node is already on the market.</summary>
public sealed record NodeAlreadyPublished(NodeId NodeId, string Grid) : IPublishNodeResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} is already published.";
    public ProblemCode Code => ProblemCode.NodeAlreadyPublished;
}

/// <summary>The node is not on the market.</summary>
public sealed record NodeNotPublished(NodeId NodeId, string Grid) : IUnpublishNodeResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} is not published.";
    public ProblemCode Code => ProblemCode.NodeNotPublished;
}

/// <summary>Even empty, the node is smaller than one base slice.</summary>
public sealed record NodeHoldsNoSlice(NodeId NodeId, string Grid) : IPublishNodeResult, IProblem
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public int CoresMin { get; } = BaseSlice.Cores;
    public long MemoryBytesMin { get; } = BaseSlice.MemoryBytes;
    public long SsdBytesMin { get; } = BaseSlice.SsdBytes;
    public string Message => $"Node {GridId} of grid {Grid} is too small: a slice needs 1 core, 4 GiB of memory and 200 GiB of SSD.";
    public ProblemCode Code => ProblemCode.NodeHoldsNoSlice;
}

/// <summary>A slice costs at least <paramref name="Min"/> and at most <paramref name="Max"/> an hour.</summary>
public sealed record PriceOutOfRange(MicroUsdPerHour PricePerSliceHour, MicroUsdPerHour Min, MicroUsdPerHour Max)
    : IRegisterNodeResult, ISetNodePricingResult, IProblem
{
    public string Message => $"The price of a slice must be between {Min} and {Max} dollars an hour.";
    public ProblemCode Code => ProblemCode.PriceOutOfRange;
}
