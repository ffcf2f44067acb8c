using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Partners;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain;

/// <summary>Some input values break the rules of their fields. All of them are listed, up to 20. Nothing was done.</summary>
public sealed record InvalidInput(IReadOnlyList<InvalidField> Fields)
    : IRentSlicesResult, ICancelRentalResult, IExtendRentalResult, IReserveSlicesResult, IDepositFundsResult, ILinkFarmerTwinResult,
        IUnlinkFarmerTwinResult, IRegisterNodeResult, IRegisterOperationsResult, IMarkNotificationsReadResult, IRebuildRentalResult,
        IEndRentalResult, IWithdrawFundsResult, IRefuseWithdrawalResult, IReserveNameResult, IMoveRentalResult, IRentNodeResult,
        IPlaceMachineResult, IProblem
{
    public string Message => string.Join(" ", Fields.Select(invalid => invalid.Message));
    public ProblemCode Code => ProblemCode.InvalidInput;
}

/// <summary>A value that breaks a rule of its field.</summary>
/// <param name="Path">The path from the argument to the value: names of fields, and positions in lists, from 0.</param>
/// <param name="Message">What the field accepts, for people to read.</param>
/// <param name="Rule">The broken rule, such as <c>StringLength</c>, for programs to act on. It never changes.</param>
public sealed record InvalidField(IReadOnlyList<string> Path, string Message, string Rule);
