using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// What cancelling a rental gives back, exact to the micro-dollar until <see cref="ValidUntil"/>: the refund is as of <see cref="AsOf"/>, and the minute in
/// between is not charged.
/// </summary>
/// <param name="Ticket">What makes it usable.</param>
/// <param name="Paid">Everything that was charged and not refunded yet.</param>
/// <param name="Refund">What comes back.</param>
/// <param name="Lines">How the refund is calculated: what was paid for each segment, less what is kept of it.</param>
public sealed record CancelQuote(CancelTicket Ticket, MicroUsd Paid, MicroUsd Refund, IReadOnlyList<QuoteLine> Lines)
{
    public RentalId RentalId => Ticket.RentalId;

    /// <summary>What is kept for the time that was used.</summary>
    public MicroUsd Kept => Paid - Refund;

    /// <summary>The instant that the refund is computed for.</summary>
    public DateTimeOffset AsOf => Ticket.AsOf;

    /// <summary>The quote expires at this time.</summary>
    public DateTimeOffset ValidUntil => Ticket.ValidUntil;
}

/// <summary>Fixes the instant that a refund is computed for. Everything else follows from the rental, as long as it has not changed.</summary>
/// <param name="RentalId">Of which rental.</param>
/// <param name="RentalVersion">It is void once the rental has changed.</param>
/// <param name="Holder">The renter.</param>
/// <param name="AsOf">The instant.</param>
/// <param name="ValidUntil">It expires at this time.</param>
public sealed record CancelTicket(RentalId RentalId, long RentalVersion, AccountId Holder, DateTimeOffset AsOf, DateTimeOffset ValidUntil)
{
    /// <summary>One line of text, for a signed token. It proves nothing without the signature.</summary>
    public string Write() => string.Create(
        CultureInfo.InvariantCulture, $"1:{RentalId.Value:N}:{RentalVersion}:{Holder.Value:N}:{AsOf.UtcTicks}:{ValidUntil.UtcTicks}");

    public static bool TryRead(string? text, [NotNullWhen(true)] out CancelTicket? ticket)
    {
        ticket = text?.Split(':', 7) is ["1", var rental, var version, var holder, var asOf, var validUntil]
            && Guid.TryParseExact(rental, "N", out Guid rentalId) && Guid.TryParseExact(holder, "N", out Guid holderId)
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long rentalVersion)
            && TryInstant(asOf, out DateTimeOffset asOfInstant) && TryInstant(validUntil, out DateTimeOffset validUntilInstant)
            ? new(new RentalId(rentalId), rentalVersion, new AccountId(holderId), asOfInstant, validUntilInstant)
            : null;
        return ticket is not null;
    }

    internal static bool TryInstant(string ticks, out DateTimeOffset instant)
    {
        bool isRead = long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= DateTimeOffset.MaxValue.UtcTicks;
        instant = isRead ? new DateTimeOffset(value, TimeSpan.Zero) : default;
        return isRead;
    }
}

public sealed partial class Rental
{
    /// <summary>What cancelling now would give back.</summary>
    public ICancelQuoteResult AskCancel(RentalPolicy policy, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;

        RentalSegment[] counted = [.. Segments.Where(segment => !segment.IsReturned)];
        QuoteLine[] lines =
        [
            .. counted.Select(segment => new QuoteLine($"Paid for {segment.StartsAt:u} to {segment.EndsAt:u}", segment.Paid)),
            .. counted.Where(segment => KeptAt(segment, now) != MicroUsd.Zero)
                .Select(segment => new QuoteLine(UsedLabel(segment, now), -KeptAt(segment, now))),
        ];
        var ticket = new CancelTicket(Id, Version, RenterId, now, now + policy.CancelQuoteLifetime);
        return new CancelQuoted(new(ticket, Paid - Refunded, RefundAt(now), lines));
    }

    private static string UsedLabel(RentalSegment segment, DateTimeOffset now) => now >= segment.EndsAt
        ? $"Used up by {segment.EndsAt:u}"
        : segment.Kind == RentalSegmentKind.Metered ? $"Used from {segment.StartsAt:u}{(segment.Number == 1 ? ", at least an hour" : "")}"
        : $"Used from {segment.StartsAt:u}, at the price of a term of this length{(segment.Number == 1 ? ", and at least an hour" : "")}";
}
