using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>Everything that linking a grid twin to an account can lead to.</summary>
public interface ILinkFarmerTwinResult;

/// <summary>The twin's farms now belong to the account.</summary>
public sealed record FarmerTwinLinked(long TwinId, AccountId AccountId, int FarmCount) : ILinkFarmerTwinResult;

/// <summary>The twin is linked to another account, which keeps it.</summary>
public sealed record TwinAlreadyLinked(long TwinId) : ILinkFarmerTwinResult, IProblem
{
    public string Message => $"Twin {TwinId} is linked to another account.";
    public ProblemCode Code => ProblemCode.TwinAlreadyLinked;
}
