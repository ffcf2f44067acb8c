using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Partners;

namespace Mycelium.Domain.Accounts;

/// <summary>No account has this ID.</summary>
public sealed record AccountNotFound(AccountId AccountId) : IDepositFundsResult, ILinkFarmerTwinResult, IGrantPartnerResult, IRevokePartnerResult, IProblem
{
    public string Message => "There is no account with this ID.";
    public ProblemCode Code => ProblemCode.AccountNotFound;
}
