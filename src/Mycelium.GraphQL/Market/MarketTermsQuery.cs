using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Market;

/// <summary>The rules of the market that a client would otherwise have to know. They are settings of this server.</summary>
/// <param name="PriceMin">The lowest price per slice and hour that a farmer may set.</param>
/// <param name="PriceMax">The highest price per slice and hour that a farmer may set.</param>
/// <param name="DefaultPrice">What a slice costs an hour if its farmer sets no price.</param>
/// <param name="DefaultPriceCertified">Likewise on certified nodes.</param>
/// <param name="HoursMin">The shortest rental, in hours.</param>
/// <param name="HoursMax">The longest time that can be paid in advance, in hours.</param>
/// <param name="HoursPerMonth">A billing month, in hours.</param>
/// <param name="Months">Terms in months, with what each takes off the list price.</param>
/// <param name="QuantityMax">Units of a combination in one rental.</param>
/// <param name="QuoteSeconds">How long a quote for renting or extending is valid.</param>
/// <param name="CancelQuoteSeconds">How long a quote for cancelling is valid.</param>
/// <param name="HoldMinutes">How long slices are held unless the renter says otherwise.</param>
/// <param name="HoldMinutesMax">The longest hold.</param>
/// <param name="ReservationsMax">Holds that an account may have at once.</param>
/// <param name="ReservedSlicesMax">Slices that an account may hold at once.</param>
/// <param name="GraceHours">How long a rental that could not renew itself keeps its slices.</param>
/// <param name="RenewalLeadHours">How long before its end a rental renews itself; half-way through terms shorter than twice that.</param>
/// <param name="MoveAfterMinutes">How long after the last report of a node that is down its renters may move to another.</param>
/// <param name="UsedHoursMin">A renter who cancels pays for at least this many hours.</param>
/// <param name="WholeNodeDiscountPercent">What a whole node costs less than its slices. It comes off the price per hour, before the discount of the
/// term.</param>
/// <param name="FeePercent">The platform's share of what a farmer earns from rentals that begin now.</param>
/// <param name="PenaltyPercent">
/// What a renter receives on top of the unused part, in percent of it, when a farmer or an operator ends a rental that begins now.
/// </param>
public sealed record MarketTerms(
    MicroUsdPerHour PriceMin, MicroUsdPerHour PriceMax, MicroUsdPerHour DefaultPrice, MicroUsdPerHour DefaultPriceCertified, int HoursMin, int HoursMax,
    int HoursPerMonth, IReadOnlyList<RentalTerm> Months, int QuantityMax, int QuoteSeconds, int CancelQuoteSeconds, int HoldMinutes, int HoldMinutesMax,
    int ReservationsMax, int ReservedSlicesMax, int GraceHours, int RenewalLeadHours, int MoveAfterMinutes, int UsedHoursMin,
    BasisPoints WholeNodeDiscountPercent, BasisPoints FeePercent, BasisPoints PenaltyPercent);

[QueryType]
public static class MarketTermsQuery
{
    /// <summary>Prices, terms, lifetimes and bounds that hold for everybody.</summary>
    public static MarketTerms GetMarketTerms(PricingPolicy pricing, RentalPolicy rentals) => new(
        pricing.PriceMin, pricing.PriceMax, pricing.DefaultPrice(NodeCertification.Diy), pricing.DefaultPrice(NodeCertification.Certified),
        RentalHours.Min, RentalHours.Max, RentalHours.Month.Value, RentalTerm.InMonths, RentalWish.QuantityMax,
        (int)pricing.QuoteLifetime.TotalSeconds, (int)rentals.CancelQuoteLifetime.TotalSeconds,
        (int)rentals.HoldLifetime.TotalMinutes, (int)rentals.HoldLifetimeMax.TotalMinutes, rentals.HoldsMax, rentals.HeldSlicesMax,
        (int)rentals.Grace.TotalHours, (int)rentals.RenewalLead.TotalHours, (int)rentals.MoveAfter.TotalMinutes, (int)RentalSegment.UsedMin.TotalHours,
        pricing.WholeNodeDiscount, rentals.Fee, rentals.PenaltyRate);
}
