using System.Text.Json.Serialization;

namespace Mycelium.Domain.Rentals;

/// <summary>The state of a rental.</summary>
public enum RentalStatus
{
    /// <summary>The machine is being made. Nothing is billed yet.</summary>
    Provisioning,

    /// <summary>The renter holds the slices.</summary>
    Active,

    /// <summary>
    /// The term ended and the rental could not renew itself. Slices and data are kept for some days, and this time is owed: it is paid first when the rental is
    /// extended, and written off otherwise.
    /// </summary>
    Grace,

    /// <summary>The renter cancelled it, or its farmer or an operator ended it early.</summary>
    Cancelled,

    /// <summary>The term or the grace period ended.</summary>
    [JsonStringEnumMemberName("Expired")] // The name in the database since the first release.
    Ended,

    /// <summary>The machine could not be made. Everything was refunded.</summary>
    Failed,
}

/// <summary>How a rental is paid.</summary>
public enum RentalBilling
{
    /// <summary>A term in advance, which can be extended.</summary>
    Prepaid,

    /// <summary>Each hour in advance, for as long as the wallet pays.</summary>
    Metered,
}

/// <summary>Why a rental ended.</summary>
public enum RentalEndReason
{
    /// <summary>The renter cancelled it.</summary>
    CancelledByRenter,

    /// <summary>Its term ended.</summary>
    TermEnded,

    /// <summary>It was not paid again within its grace period.</summary>
    GraceEnded,

    /// <summary>Its farmer ended it with <c>endRental</c>.</summary>
    CancelledByFarmer,

    /// <summary>An operator ended it with <c>endRental</c>.</summary>
    CancelledByOperator,

    /// <summary>Its machine was not ready in time, or could not be made.</summary>
    ProvisioningFailed,

    /// <summary>Its renter moved it to another node with <c>moveRental</c>, since its own was down. <c>movedTo</c> continues it.</summary>
    Moved,

    /// <summary>It was a machine on a whole node, whose rental ended.</summary>
    HostEnded,
}

/// <summary>What people read about the end of a rental.</summary>
public static class RentalEndReasons
{
    public static string Sentence(this RentalEndReason reason) => reason switch
    {
        RentalEndReason.CancelledByRenter => "You cancelled the rental.",
        RentalEndReason.TermEnded => "The term ended.",
        RentalEndReason.GraceEnded => "The rental was not extended within its grace period.",
        RentalEndReason.CancelledByFarmer => "The farmer cancelled the rental.",
        RentalEndReason.CancelledByOperator => "An operator cancelled the rental.",
        RentalEndReason.ProvisioningFailed => "The machine could not be made in time. Everything was refunded.",
        RentalEndReason.HostEnded => "The rental of the node that the machine was on ended.",
        RentalEndReason.Moved => "You moved the rental to another node.",
        _ => "The rental ended.",
    };
}
