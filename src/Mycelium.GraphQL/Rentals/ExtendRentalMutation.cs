using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to extend, by how much, and the quote to use.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="Term">The term to append; paid in advance.</param>
/// <param name="QuoteToken">
/// The <c>token</c> of the caller's <c>extensionQuote</c> for the same rental and term, not used before. Without it, the current price is charged.
/// </param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never extends twice and gets the first answer.
/// </param>
public sealed record ExtendRentalInput(
    [property: ID<Rental>] RentalId RentalId, RentalTermInput Term, [IdempotencyKey] string IdempotencyKey,
    [StringLength(QuoteTokens.LengthMax)] string? QuoteToken = null);

[MutationType]
public static class ExtendRentalMutation
{
    /// <summary>
    /// Appends a term to a rental at the node's current price, or at the quote's. No minute is lost: the term begins where the paid time ends. In grace, the
    /// time since then is paid first, and the term begins now. Two extensions at once both count.
    /// </summary>
    [Authorize]
    [GraphQLName("extendRental")]
    public static async Task<IExtendRentalResult> Execute(
        ExtendRentalInput input, ClaimsPrincipal user, ExtendRental extend, QuoteTokens tokens, CancellationToken cancellation)
    {
        if (!RentalTerm.TryCreate(input.Term.Hours, input.Term.Months, out RentalTerm? term))
            return new InvalidRentalTerm(input.Term.Hours, input.Term.Months);
        ExtensionQuote? quote = null;
        if (input.QuoteToken is { } token && !tokens.TryOpen(token, out quote))
            return new QuoteMismatch();
        return await extend.Execute(user.RequiredAccountId(), input.RentalId, term, quote, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
    }
}
