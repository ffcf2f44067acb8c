using System.Text.Json.Serialization;

namespace Mycelium.Domain.Rentals;

/// <summary>Where a rental is in its life.</summary>
public enum RentalStatus
{
    /// <summary>The slices are the renter's.</summary>
    Active,

    /// <summary>The renter gave the slices back early.</summary>
    Cancelled,

    /// <summary>The term ended.</summary>
    [JsonStringEnumMemberName("Expired")] // What the database has called it from the start.
    Ended,
}

/// <summary>Why a rental ended.</summary>
public enum RentalEndReason
{
    CancelledByRenter,
    TermEnded,
}
