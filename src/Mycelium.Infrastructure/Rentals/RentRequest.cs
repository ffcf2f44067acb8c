using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A renter's wish and its idempotency key.</summary>
/// <param name="Quote">A quote of ours whose signature has been verified. Without one, the current price is charged.</param>
/// <param name="IsPartner">Whether the renter has the limits of partners and operators (<see cref="RentalLimitOptions"/>).</param>
public sealed record RentRequest(
    AccountId RenterId, RentalWish Wish, SshPublicKey SshPublicKey, IdempotencyKey IdempotencyKey, Quote? Quote = null, bool IsPartner = false)
{
    internal const string Operation = "rentSlices";

    /// <summary>The hold whose slices are to be rented, if any.</summary>
    public ReservationId? ReservationId { get; init; }

    /// <summary>What the renter calls the rental, if anything.</summary>
    public string? Name { get; init; }

    /// <summary>How the rental is paid. A metered one is wished for an hour.</summary>
    public RentalBilling Billing { get; init; }

    /// <summary>What a metered rental may cost in all; null for no limit.</summary>
    public MicroUsd? SpendingLimit { get; init; }

    /// <summary>What the machine starts from; null for the grid's default. Without a machine it does not matter.</summary>
    public ImageId? Image { get; init; }

    /// <summary>The refusal if the grid does not have this image; it does not apply to a request that was answered before.</summary>
    public ImageNotFound? NoImage { get; init; }

    internal NodeId NodeId => Wish.SliceCombinationId.NodeId;

    internal Intention Intention => Intention.Of(
        RenterId, Operation, IdempotencyKey,
        [
            Wish.SliceCombinationId, Wish.Quantity, Wish.Term, SshPublicKey, Quote is null ? null : QuoteText.Write(Quote),
            // Only what is given: a key that was first sent to the previous release still has its fingerprint.
            .. ReservationId is { } held ? [$"reservation:{held}"] : Array.Empty<object>(), .. Name is { } name ? [$"name:{name}"] : Array.Empty<object>(),
            .. Billing == RentalBilling.Metered ? [$"metered:{SpendingLimit}"] : Array.Empty<object>(),
            .. Image is { } image ? [$"image:{image}"] : Array.Empty<object>(),
        ]);
}
