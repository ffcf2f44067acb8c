using System.Security.Claims;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to quote.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="Term">The term to append.</param>
public sealed record ExtensionQuoteInput([property: ID<Rental>] RentalId RentalId, RentalTermInput Term);

[QueryType]
public static class AboutRentalQuery
{
    /// <summary>
    /// The exact price of another term, itemised. Pass its <c>token</c> to <c>extendRental</c> before <c>validUntil</c> to be charged exactly this.
    /// </summary>
    [Authorize]
    public static async Task<IExtensionQuoteResult> GetExtensionQuote(
        ExtensionQuoteInput input, ClaimsPrincipal user, AskAboutRental ask, CancellationToken cancellation) =>
        RentalTerm.TryCreate(input.Term.Hours, input.Term.Months, out RentalTerm? term)
            ? await ask.Extension(user.RequiredAccountId(), input.RentalId, term, cancellation)
            : new InvalidRentalTerm(input.Term.Hours, input.Term.Months);

    /// <summary>
    /// What cancelling a rental gives back, itemised. Pass its <c>token</c> to <c>cancelRental</c> before <c>validUntil</c> to get exactly this back.
    /// </summary>
    [Authorize]
    public static Task<ICancelQuoteResult> GetCancelQuote(
        [ID<Rental>] RentalId rentalId, ClaimsPrincipal user, AskAboutRental ask, CancellationToken cancellation) =>
        ask.Cancelling(user.RequiredAccountId(), rentalId, cancellation);
}

/// <summary>The price of another term, and its token.</summary>
[ObjectType<ExtensionQuote>]
[ExtendObjectType<ExtensionQuote>(IgnoreProperties = [nameof(ExtensionQuote.Ticket)])]
public static class ExtensionQuoteType
{
    /// <summary>This quote for <c>extendRental</c>, signed and opaque. Only this account can use it, and only once.</summary>
    public static string GetToken([Parent] ExtensionQuote quote, QuoteTokens tokens) => tokens.Seal(quote);
}

/// <summary>What cancelling gives back, and its token.</summary>
[ObjectType<CancelQuote>]
[ExtendObjectType<CancelQuote>(IgnoreProperties = [nameof(CancelQuote.Ticket)])]
public static class CancelQuoteType
{
    /// <summary>This quote for <c>cancelRental</c>, signed and opaque. Only this account can use it, and only while the rental does not change.</summary>
    public static string GetToken([Parent] CancelQuote quote, QuoteTokens tokens) => tokens.Seal(quote.Ticket);
}
