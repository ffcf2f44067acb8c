using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Appends a paid term to a rental: <c>extendRental</c> in the schema.</summary>
public sealed class ExtendRental(ChangeRental change, PricingPolicy pricing, RentalPolicy policy)
{
    private const string Operation = "extendRental";

    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="term">The term to append.</param>
    /// <param name="quote">A quote of ours whose signature has been verified. Without one, the current price is charged.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<IExtendRentalResult> Execute(
        AccountId renter, RentalId id, RentalTerm term, ExtensionQuote? quote, IdempotencyKey key, CancellationToken cancellation) =>
        change.RunOnceAsync<IExtendRentalResult>(
            Intention.Of(renter, Operation, key, id, term, quote?.Ticket?.Id), id,
            read => UsedFor(read.Rental, quote) ?? read.Rental.Extend(term, quote, read.Node, pricing, policy, read.Balance, read.Now),
            (read, earlier) => Again(read.Rental, earlier.Answer),
            result => result is RentalExtended extended
                ? $$"""{"charged": {{extended.Charged.Value}}, "previous_ends_at": "{{extended.PreviousEndsAt:O}}"}"""
                : null,
            reused => reused, notFound => notFound, cancellation);

    /// <summary>A quote is for one rental, so whether it was used shows there.</summary>
    private static QuoteUsed? UsedFor(Rental rental, ExtensionQuote? quote) =>
        quote?.Ticket is { } ticket && ticket.Holder == rental.RenterId && rental.Segments.Any(segment => segment.QuoteId == ticket.Id)
            ? new QuoteUsed(rental.Id)
            : null;

    private static RentalExtended Again(Rental rental, JsonElement answer) => new(
        rental, MicroUsd.From(answer.GetProperty("charged").GetInt64()), answer.GetProperty("previous_ends_at").GetDateTimeOffset());
}
