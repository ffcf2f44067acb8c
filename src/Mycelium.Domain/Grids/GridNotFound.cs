using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Grids;

/// <summary>The market has no grid with this name.</summary>
public sealed record GridNotFound(string Grid)
    : IRegisterNodeResult, ILinkFarmerTwinResult, IUnlinkFarmerTwinResult, IConfirmGridShrinkResult, IProblem
{
    public string Message => "There is no grid with this name. The query grids lists them.";
    public ProblemCode Code => ProblemCode.GridNotFound;
}
