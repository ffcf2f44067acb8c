using System.Security.Claims;
using Mycelium.Domain.Market;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Market;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to quote.</summary>
/// <param name="SliceCombinationId">The combination to rent units of.</param>
/// <param name="Quantity">Units of the combination, 1 to 1 000.</param>
/// <param name="Term">For how long.</param>
public sealed record RentalQuoteInput([property: ID<SliceCombination>] SliceCombinationId SliceCombinationId, RentalTermInput Term, int Quantity = 1);

[QueryType]
public static class RentalQuoteQuery
{
    /// <summary>
    /// The exact price of a rental, itemised. Hand its <c>token</c> to <c>rentSlices</c> before <c>validUntil</c>, and exactly this is charged, whatever the
    /// farmer's price is by then. A quote holds no slices; it belongs to the account that asked, and is used once. Anonymous callers get the price without a token.
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

/// <summary>The token of a quote.</summary>
[ObjectType<Quote>]
[ExtendObjectType<Quote>(IgnoreProperties = [nameof(Quote.Ticket)])]
public static class QuoteType
{
    /// <summary>Seals this quote for <c>rentSlices</c>. Opaque; nobody can change or make one, no other account can use it, and it is used once. Null for anonymous callers.</summary>
    public static string? GetToken([Parent] Quote quote, QuoteTokens tokens) => quote.Ticket is null ? null : tokens.Seal(quote);
}
