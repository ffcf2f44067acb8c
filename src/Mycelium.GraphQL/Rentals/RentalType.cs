using System.Security.Claims;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Market;
using Mycelium.GraphQL.Nodes;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>A rental as its renter sees it. Nobody else does.</summary>
[ObjectType<Rental>]
[ExtendObjectType<Rental>(IgnoreProperties =
    [
        nameof(Rental.RenterId), nameof(Rental.FarmerId), nameof(Rental.NodeId), nameof(Rental.QuoteId), nameof(Rental.Hours),
        nameof(Rental.Months), nameof(Rental.Discount), nameof(Rental.SshPublicKey), nameof(Rental.Fee), nameof(Rental.Earned), nameof(Rental.FeeEarned),
        nameof(Rental.PenaltyRate), nameof(Rental.IsLive), nameof(Rental.AutoRenewMax), nameof(Rental.RenewsAt),
        nameof(Rental.SpendingLimit), nameof(Rental.ExtrasPaid), nameof(Rental.Spent),
        nameof(Rental.MovedFrom), nameof(Rental.NodeDiscount), nameof(Rental.HostRentalId),
    ])]
public static class RentalType
{
    [NodeResolver]
    public static async Task<Rental?> Get(RentalId id, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        user.AccountId() is { } renter ? await rentals.LoadAsync(new RenterRental(renter, id)) : null;

    /// <summary>The machine that the slices are of.</summary>
    [BindMember(nameof(Rental.GridNode))]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<GridNode> GetGridNode([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        rental.GridNode ?? await nodes.LoadRequiredAsync(rental.NodeId);

    /// <summary>The name of the grid that the machine is part of. Filters have it as <c>gridNode: { grid: … }</c>.</summary>
    [Cost(1)] // One query for all objects of a list. A node that came with its rental has only what is selected of it.
    public static async ValueTask<string> GetGrid([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        (await nodes.LoadRequiredAsync(rental.NodeId)).Grid;

    /// <summary>The combination that the slices are of, to rent again; null while the node does not offer it.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static Task<SliceCombination?> GetSliceCombination(
        [Parent(nameof(Rental.NodeId), nameof(Rental.Multiplier))] Rental rental, SliceCombinationByIdDataLoader combinations) =>
        combinations.LoadAsync(SliceCombinationId.Of(rental.NodeId, rental.Multiplier));

    /// <summary>The first term, and its discount; one hour for a metered rental. What was paid since is in <c>segments</c>.</summary>
    [Cost(0)]
    public static RentalTerm GetTerm([Parent(nameof(Rental.Hours), nameof(Rental.Months), nameof(Rental.Discount))] Rental rental) => RentalTerm.Of(rental);

    /// <summary>When billing began; null until the slices can be reached.</summary>
    [BindMember(nameof(Rental.StartsAt))]
    [Cost(0)]
    public static DateTimeOffset? GetStartsAt([Parent(nameof(Rental.StartsAt), nameof(Rental.Status))] Rental rental) =>
        HasBegun(rental) ? rental.StartsAt : null;

    /// <summary>Until when it is paid. The slices are free again from then on, unless the rental enters grace. Null until billing begins.</summary>
    [BindMember(nameof(Rental.EndsAt))]
    [Cost(0)]
    public static DateTimeOffset? GetEndsAt([Parent(nameof(Rental.EndsAt), nameof(Rental.Status))] Rental rental) => HasBegun(rental) ? rental.EndsAt : null;

    /// <summary>Why it ended, in a sentence; null while it has not.</summary>
    [Cost(0)]
    public static string? GetEndMessage([Parent(nameof(Rental.EndReason))] Rental rental) => rental.EndReason?.Sentence();

    /// <summary>What you receive on top of the unused part, in percent of it, if the farmer or an operator ends the rental; promised when it began.</summary>
    [Cost(0)]
    public static double GetPenaltyPercent([Parent(nameof(Rental.PenaltyRate))] Rental rental) => rental.PenaltyRate.Percent;

    /// <summary>How the rental renews itself; null if it does not.</summary>
    [Cost(0)]
    public static AutoRenew? GetAutoRenew([Parent(nameof(Rental.AutoRenewMax), nameof(Rental.RenewsAt), nameof(Rental.EndedAt))] Rental rental) =>
        rental is { EndedAt: null, AutoRenewMax: { } max, RenewsAt: { } renewsAt } ? new(max, renewsAt) : null;

    /// <summary>What is owed by now for time in grace, at the last price. It is charged first when the rental is extended. Zero outside of grace.</summary>
    [Cost(0)]
    public static MicroUsd GetOwed(
        [Parent(nameof(Rental.Status), nameof(Rental.EndsAt), nameof(Rental.PricePerHour))] Rental rental, TimeProvider clock) =>
        rental.OwedAt(clock.GetUtcNow());

    /// <summary>What was paid for it, in order: the first term, extensions, renewals and time in grace.</summary>
    [Cost(1)] // One query for all objects of a list.
    [ListSize(AssumedSize = Limits.SegmentsAssumed)]
    public static async Task<IReadOnlyList<RentalSegment>> GetSegments([Parent(nameof(Rental.Id))] Rental rental, RentalSegmentsDataLoader segments) =>
        await segments.LoadAsync(rental.Id) ?? [];

    /// <summary>
    /// What a metered rental may cost in all, extras included: an hour that would exceed it is not paid, and the rental enters grace. Null for no limit.
    /// </summary>
    [Cost(0)]
    public static MicroUsd? GetSpendingLimit([Parent(nameof(Rental.SpendingLimit))] Rental rental) => rental.SpendingLimit;

    /// <summary>
    /// What public addresses and traffic of a metered rental have cost so far. It is not part of <c>paid</c>, and never refunded; what the machine used since
    /// the last full hour is not in it yet.
    /// </summary>
    [Cost(0)]
    public static MicroUsd GetExtrasPaid([Parent(nameof(Rental.ExtrasPaid))] Rental rental) => rental.ExtrasPaid;

    /// <summary>
    /// What a metered rental paid on each day (UTC), in order: a row for each, and another one for a day on which it was in grace. The last one grows by the
    /// hour, which is no change that <c>onRentalChanged</c> delivers; <c>onWalletChanged</c> has an entry for each hour. Empty for a prepaid rental.
    /// </summary>
    [Cost(1)] // One query for all objects of a list.
    [ListSize(AssumedSize = Limits.SegmentsAssumed)]
    public static async Task<IReadOnlyList<MeteredDay>> GetDays([Parent(nameof(Rental.Id))] Rental rental, MeteredDaysDataLoader days) =>
        await days.LoadAsync(rental.Id) ?? [];

    /// <summary>Every change of its life so far, in order.</summary>
    [Cost(1)] // One query for all objects of a list.
    [ListSize(AssumedSize = Limits.SegmentsAssumed)]
    public static async Task<IReadOnlyList<RentalMoment>> GetTimeline([Parent(nameof(Rental.Id))] Rental rental, RentalTimelineDataLoader timeline) =>
        await timeline.LoadAsync(rental.Id) ?? [];

    /// <summary>The rental that this one continues: it was on another node, which was down.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async Task<Rental?> GetMovedFrom(
        [Parent(nameof(Rental.MovedFrom), nameof(Rental.RenterId))] Rental rental, RenterRentalDataLoader rentals) =>
        rental.MovedFrom is { } from ? await rentals.LoadAsync(new RenterRental(rental.RenterId, from)) : null;

    /// <summary>The rental that continues this one on another node, if it was moved.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static Task<Rental?> GetMovedTo([Parent(nameof(Rental.Id), nameof(Rental.RenterId))] Rental rental, MovedRentalDataLoader rentals) =>
        rentals.LoadAsync(new RenterRental(rental.RenterId, rental.Id));

    /// <summary>What a whole node costs less than its slices, fixed when the rental began; zero for other rentals.</summary>
    [Cost(0)]
    public static BasisPoints GetNodeDiscountPercent([Parent(nameof(Rental.NodeDiscount))] Rental rental) => rental.NodeDiscount;

    /// <summary>Of a machine on a whole node: the rental of the node, whose time it has.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async Task<Rental?> GetHostRental(
        [Parent(nameof(Rental.HostRentalId), nameof(Rental.RenterId))] Rental rental, RenterRentalDataLoader rentals) =>
        rental.HostRentalId is { } host ? await rentals.LoadAsync(new RenterRental(rental.RenterId, host)) : null;

    /// <summary>Of a whole node: the machines on it that have not ended, oldest first; at most one a slice. Empty for other rentals.</summary>
    [Cost(1)] // One query for all objects of a list.
    [ListSize(AssumedSize = Limits.MachinesAssumed)]
    public static async Task<IReadOnlyList<Rental>> GetMachines(
        [Parent(nameof(Rental.Id), nameof(Rental.RenterId))] Rental rental, HostedRentalsDataLoader machines) =>
        await machines.LoadAsync(new RenterRental(rental.RenterId, rental.Id)) ?? [];

    /// <summary>The numbers of its slices on the machine, from 0; empty once it has ended.</summary>
    [Cost(1)] // One query for all objects of a list.
    [ListSize(AssumedSize = Limits.SegmentsAssumed)]
    public static async Task<IReadOnlyList<int>> GetSliceNumbers([Parent(nameof(Rental.Id))] Rental rental, RentalSliceNumbersDataLoader numbers) =>
        await numbers.LoadAsync(rental.Id) ?? [];

    private static bool HasBegun(Rental rental) => rental.Status is not (RentalStatus.Provisioning or RentalStatus.Failed);

    /// <summary>The half of the renter's key that the machine knows. Whoever holds the private half gets access.</summary>
    /// <remarks>A method, so that nothing is filtered or ordered by it: an index for it would slow every rental, and nobody needs it.</remarks>
    [Cost(0)]
    public static string GetSshPublicKey([Parent(nameof(Rental.SshPublicKey))] Rental rental) => rental.SshPublicKey;
}

/// <summary>How a rental renews itself.</summary>
/// <param name="MaxPricePerHour">The highest price per hour, of all slices and before discount, at which it does.</param>
/// <param name="RenewsAt">When it renews itself next, or is tried again.</param>
public sealed record AutoRenew(MicroUsdPerHour MaxPricePerHour, DateTimeOffset RenewsAt);

/// <summary>A part of a rental that was paid at once.</summary>
[ObjectType<RentalSegment>]
[ExtendObjectType<RentalSegment>(IgnoreProperties =
    [nameof(RentalSegment.RentalId), nameof(RentalSegment.QuoteId), nameof(RentalSegment.Hours), nameof(RentalSegment.Months), nameof(RentalSegment.Discount)])]
public static class RentalSegmentType;
