using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Partners;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain;

/// <summary>Values of the input break rules of their fields: all of them at once, at most 20. Nothing was done.</summary>
public sealed record InvalidInput(IReadOnlyList<InvalidField> Fields)
    : IRentSlicesResult, ICancelRentalResult, IDepositFundsResult, ILinkFarmerTwinResult, IUnlinkFarmerTwinResult, IRegisterNodeResult, IPublishNodeResult, IUnpublishNodeResult, ISetNodePricingResult,
        IRegisterOperationsResult, IProblem
{
    public string Message => string.Join(" ", Fields.Select(invalid => invalid.Message));
    public ProblemCode Code => ProblemCode.InvalidInput;
}

/// <summary>A value that breaks a rule of its field.</summary>
/// <param name="Path">From the argument to the value: names of fields, and positions in lists from 0.</param>
/// <param name="Message">What the field takes, for people.</param>
/// <param name="Rule">The rule that is broken, for programs, such as <c>StringLength</c>; stable.</param>
public sealed record InvalidField(IReadOnlyList<string> Path, string Message, string Rule);
