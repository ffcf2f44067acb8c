using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>Everything that linking a grid twin to an account can lead to.</summary>
public interface ILinkFarmerTwinResult;

/// <summary>The twin's farms on its grid now belong to the account.</summary>
public sealed record FarmerTwinLinked(string Grid, long TwinId, AccountId AccountId, int FarmCount) : ILinkFarmerTwinResult;

/// <summary>No farm of the grid that has been read is the twin's.</summary>
public sealed record TwinNotFound(string Grid, long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"No farm of twin {TwinId} is known on grid {Grid}. A new farm appears after the next sync of its grid.";
    public ProblemCode Code => ProblemCode.TwinNotFound;
}

/// <summary>The twin is linked to another account, which keeps it.</summary>
public sealed record TwinAlreadyLinked(string Grid, long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} of grid {Grid} is linked to another account.";
    public ProblemCode Code => ProblemCode.TwinAlreadyLinked;
}

/// <summary>Everything that taking a grid twin from an account can lead to.</summary>
public interface IUnlinkFarmerTwinResult;

/// <summary>The twin's farms on its grid belong to no account now.</summary>
/// <param name="Grid">The twin's grid.</param>
/// <param name="TwinId">The twin.</param>
/// <param name="AccountId">Whose farms they were.</param>
/// <param name="FarmCount">How many farms that is.</param>
public sealed record FarmerTwinUnlinked(string Grid, long TwinId, AccountId AccountId, int FarmCount) : IUnlinkFarmerTwinResult;

/// <summary>The twin is linked to no account.</summary>
public sealed record TwinNotLinked(string Grid, long TwinId) : IUnlinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} of grid {Grid} is not linked to an account.";
    public ProblemCode Code => ProblemCode.TwinNotLinked;
}
