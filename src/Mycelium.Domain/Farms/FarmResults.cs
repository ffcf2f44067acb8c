using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>The possible results of linking a grid twin to an account.</summary>
public interface ILinkFarmerTwinResult;

/// <summary>The twin's farms on its grid now belong to the account.</summary>
public sealed record FarmerTwinLinked(string Grid, long TwinId, AccountId AccountId, IReadOnlyList<FarmId> FarmIds) : ILinkFarmerTwinResult
{
    /// <summary>The number of farms.</summary>
    public int FarmCount => FarmIds.Count;
}

/// <summary>No known farm of the grid belongs to the twin.</summary>
public sealed record TwinNotFound(string Grid, long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"No farm of twin {TwinId} is known on grid {Grid}. A new farm appears after the next sync of its grid.";
    public ProblemCode Code => ProblemCode.TwinNotFound;
}

/// <summary>The twin is already linked to another account.</summary>
public sealed record TwinAlreadyLinked(string Grid, long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} of grid {Grid} is linked to another account.";
    public ProblemCode Code => ProblemCode.TwinAlreadyLinked;
}

/// <summary>The possible results of unlinking a grid twin.</summary>
public interface IUnlinkFarmerTwinResult;

/// <summary>The twin's farms no longer belong to an account.</summary>
/// <param name="Grid">The twin's grid.</param>
/// <param name="TwinId">The twin.</param>
/// <param name="AccountId">The account that owned the farms.</param>
/// <param name="FarmIds">The farms, by number.</param>
public sealed record FarmerTwinUnlinked(string Grid, long TwinId, AccountId AccountId, IReadOnlyList<FarmId> FarmIds) : IUnlinkFarmerTwinResult
{
    /// <summary>The number of farms.</summary>
    public int FarmCount => FarmIds.Count;
}

/// <summary>The twin is not linked to an account.</summary>
public sealed record TwinNotLinked(string Grid, long TwinId) : IUnlinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} of grid {Grid} is not linked to an account.";
    public ProblemCode Code => ProblemCode.TwinNotLinked;
}
