using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>What a renter sends to rent: the wish, the quote to be charged, and the SSH key that gets access.</summary>
public sealed record RentalApplication(RentalId RentalId, AccountId RenterId, RentalWish Wish, Quote Quote, SshPublicKey SshPublicKey)
{
    /// <summary>What the renter calls the rental, if anything.</summary>
    public string? Name { get; init; }

    /// <summary>The hold that it uses, if any: its slices are the renter's already.</summary>
    public Reservation? Reservation { get; init; }

    /// <summary>The platform's share of what the farmer earns.</summary>
    public BasisPoints Fee { get; init; }

    /// <summary>What the farmer promises on top of the unused part, should the rental be ended for the renter.</summary>
    public BasisPoints PenaltyRate { get; init; }

    /// <summary>How it is paid. A metered rental is quoted for an hour.</summary>
    public RentalBilling Billing { get; init; }

    /// <summary>What a metered rental may cost in all; null for no limit.</summary>
    public MicroUsd? SpendingLimit { get; init; }

    /// <summary>A machine is made before billing begins.</summary>
    public bool IsProvisioned { get; init; }
}
