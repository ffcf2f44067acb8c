using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to end.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="QuoteToken">The <c>token</c> of the caller's <c>cancelQuote</c>: exactly its refund comes back. Without it, the refund is as of now.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID.</param>
public sealed record CancelRentalInput(
    [property: ID<Rental>] RentalId RentalId, [IdempotencyKey] string IdempotencyKey, [StringLength(QuoteTokens.LengthMax)] string? QuoteToken = null);

[MutationType]
public static class CancelRentalMutation
{
    /// <summary>
    /// Ends a rental now, and its slices become free immediately. The time that was used costs what a term of that length costs, at least an hour and never
    /// more than was paid: a year that is cancelled after a month does not keep the discount of a year. The rest is refunded to the micro-dollar, and a renewal
    /// or extension that has not started comes back whole. Time in grace that is owed is written off.
    /// </summary>
    [Authorize]
    [GraphQLName("cancelRental")]
    public static async Task<ICancelRentalResult> Execute(
        CancelRentalInput input, ClaimsPrincipal user, CancelRental cancel, QuoteTokens tokens, CancellationToken cancellation)
    {
        CancelTicket? quote = null;
        if (input.QuoteToken is { } token && !tokens.TryOpen(token, out quote))
            return new QuoteMismatch();
        return await cancel.Execute(
            user.RequiredAccountId(), input.RentalId, quote, IdempotencyKey.Parse(input.IdempotencyKey), user.HasPartnerLimits(), cancellation);
    }
}
