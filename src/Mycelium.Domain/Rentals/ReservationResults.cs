using Mycelium.Domain.Market;

namespace Mycelium.Domain.Rentals;

/// <summary>The possible results of holding slices.</summary>
public interface IReserveSlicesResult;

/// <summary>The possible results of giving held slices back.</summary>
public interface IReleaseReservationResult;

/// <summary>The slices are kept for the account until the reservation expires.</summary>
public sealed record SlicesReserved(Reservation Reservation) : IReserveSlicesResult;

/// <summary>The slices are free again.</summary>
public sealed record ReservationReleased(Reservation Reservation) : IReleaseReservationResult;

/// <summary>A hold lasts between one minute and <paramref name="MinutesMax"/> minutes.</summary>
public sealed record InvalidHoldTime(int MinutesMax) : IReserveSlicesResult, IProblem
{
    public int MinutesMin { get; } = 1;
    public string Message => $"Slices can be held for {MinutesMin} to {MinutesMax} minutes.";
    public ProblemCode Code => ProblemCode.InvalidHoldTime;
}

/// <summary>The account holds as much as it may. Rent, release, or wait until <paramref name="RetryAt"/>; if that is null, waiting does not help.</summary>
/// <param name="Reservations">Holds of the account now.</param>
/// <param name="ReservationsMax">How many it may have.</param>
/// <param name="Slices">Slices that it holds now.</param>
/// <param name="SlicesMax">How many it may hold.</param>
/// <param name="RetryAt">When the same request would be within the limits, if the account holds nothing else until then.</param>
public sealed record ReservationLimitReached(int Reservations, int ReservationsMax, int Slices, int SlicesMax, DateTimeOffset? RetryAt)
    : IReserveSlicesResult, IProblem
{
    public string Message =>
        $"An account can have {ReservationsMax} reservations of {SlicesMax} slices in all, and you have {Reservations} of {Slices} slices."
        + (RetryAt is { } at ? $" Release one, or try again at {at:u}." : " Request fewer.");

    public ProblemCode Code => ProblemCode.ReservationLimitReached;
}

/// <summary>The caller has no reservation with this ID.</summary>
public sealed record ReservationNotFound(ReservationId ReservationId) : IReleaseReservationResult, IRentSlicesResult, IProblem
{
    public string Message => "You have no reservation with this ID.";
    public ProblemCode Code => ProblemCode.ReservationNotFound;
}

/// <summary>The reservation has ended, and its slices are no longer kept.</summary>
public sealed record ReservationEnded(ReservationId ReservationId, ReservationEndReason EndReason) : IReleaseReservationResult, IRentSlicesResult, IProblem
{
    public string Message => EndReason switch
    {
        ReservationEndReason.Rented => "The reservation was used for a rental.",
        ReservationEndReason.Released => "The reservation was released.",
        _ => "The reservation has expired. Reserve again, or rent without it.",
    };

    public ProblemCode Code => ProblemCode.ReservationEnded;
}

/// <summary>The reservation holds something else than what is to be rented.</summary>
public sealed record ReservationMismatch(ReservationId ReservationId, SliceCombinationId SliceCombinationId, int Quantity) : IRentSlicesResult, IProblem
{
    public string Message => "The reservation is for another slice combination or quantity. Rent what it holds, or rent without it.";
    public ProblemCode Code => ProblemCode.ReservationMismatch;
}
