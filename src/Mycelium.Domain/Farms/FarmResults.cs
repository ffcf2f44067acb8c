using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>Everything that linking a grid twin to an account can lead to.</summary>
public interface ILinkFarmerTwinResult;

/// <summary>The twin's farms on its grid now belong to the account.</summary>
public sealed record FarmerTwinLinked(string Grid, long TwinId, AccountId AccountId, int FarmCount) : ILinkFarmerTwinResult;

/// <summary>The twin is linked to another account, which keeps it.</summary>
public sealed record TwinAlreadyLinked(string Grid, long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} of grid {Grid} is linked to another account.";
    public ProblemCode Code => ProblemCode.TwinAlreadyLinked;
}
