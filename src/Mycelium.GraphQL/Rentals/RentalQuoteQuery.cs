using System.Security.Claims;
using Mycelium.Domain.Market;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Market;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to quote.</summary>
/// <param name="SliceCombinationId">The combination to rent units of.</param>
/// <param name="Quantity">Units of the combination, 1 to 1,000.</param>
/// <param name="Term">For how long.</param>
public sealed record RentalQuoteInput([property: ID<SliceCombination>] SliceCombinationId SliceCombinationId, RentalTermInput Term, int Quantity = 1);

[QueryType]
public static class RentalQuoteQuery
{
    /// <summary>
    /// The exact price of a rental, itemised. Pass its <c>token</c> to <c>rentSlices</c> before <c>validUntil</c> to be charged exactly this, even if the
    /// farmer changes the price. A quote holds no slices, works only for the account that requested it, and works once. Anonymous callers get the price
    /// without a token.
    /// </summary>
    public static async Task<IRentalQuoteResult> GetRentalQuote(
        RentalQuoteInput input, ClaimsPrincipal user, AskQuote ask, CancellationToken cancellation)
    {
        if (RentalWish.Refuse(input.Quantity) is { } quantity)
            return quantity;
        if (!RentalTerm.TryCreate(input.Term.Hours, input.Term.Months, out RentalTerm? term))
            return new InvalidRentalTerm(input.Term.Hours, input.Term.Months);

        return await ask.Execute(new RentalWish(input.SliceCombinationId, input.Quantity, term), user.AccountId(), cancellation);
    }
}

/// <summary>A quote with what it is for and its token.</summary>
[ObjectType<Quote>]
[ExtendObjectType<Quote>(IgnoreProperties = [nameof(Quote.Ticket), nameof(Quote.Wish)])]
public static class QuoteType
{
    /// <summary>The combination to rent units of.</summary>
    [ID<SliceCombination>]
    public static SliceCombinationId GetSliceCombinationId([Parent] Quote quote) => quote.Wish.SliceCombinationId;

    /// <summary>Units of the combination, 1 to 1,000.</summary>
    public static int GetQuantity([Parent] Quote quote) => quote.Wish.Quantity;

    /// <summary>Base slices in all units.</summary>
    public static int GetSliceTotal([Parent] Quote quote) => quote.Wish.SliceTotal;

    /// <summary>For how long.</summary>
    public static RentalTerm GetTerm([Parent] Quote quote) => quote.Wish.Term;

    /// <summary>
    /// This quote for <c>rentSlices</c>, signed and opaque. Only this account can use it, and only once. Null for anonymous callers.
    /// </summary>
    public static string? GetToken([Parent] Quote quote, QuoteTokens tokens) => quote.Ticket is null ? null : tokens.Seal(quote);
}
