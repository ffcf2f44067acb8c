using System.Text.Json.Serialization;

namespace Mycelium.Domain.Rentals;

/// <summary>The state of a rental.</summary>
public enum RentalStatus
{
    /// <summary>The renter holds the slices.</summary>
    Active,

    /// <summary>The renter gave the slices back early.</summary>
    Cancelled,

    /// <summary>The term ended.</summary>
    [JsonStringEnumMemberName("Expired")] // The name in the database since the first release.
    Ended,

    /// <summary>The machine could not be made; everything was refunded.</summary>
    Failed,

    /// <summary>The machine is being made; nothing is billed yet.</summary>
    Provisioning,
}

/// <summary>Why a rental ended.</summary>
public enum RentalEndReason
{
    CancelledByRenter,
    TermEnded,

    /// <summary>The machine was not ready in time.</summary>
    ProvisioningFailed,
}
