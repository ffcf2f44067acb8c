using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>Which node to rent whole, for how long, and the quote to use.</summary>
/// <param name="NodeId">An empty node: nothing on it is rented or held.</param>
/// <param name="Term">For how long; paid in advance.</param>
/// <param name="QuoteToken">
/// The <c>token</c> of the caller's <c>nodeQuote</c> for the same node and term, not used before. Without it, the current price is charged.
/// </param>
/// <param name="SshPublicKey">The key of machines that are placed without one: one line of an OpenSSH public key, as for <c>rentSlices</c>.</param>
/// <param name="Name">What the rental is called in lists, 1 to 64 characters. It can be changed.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never rents twice and gets the first answer.
/// </param>
public sealed record RentNodeInput(
    [property: ID<GridNode>] NodeId NodeId, RentalTermInput Term, [IdempotencyKey] string IdempotencyKey,
    [StringLength(QuoteTokens.LengthMax)] string? QuoteToken = null, string? SshPublicKey = null, string? Name = null);

[MutationType]
public static class RentNodeMutation
{
    /// <summary>
    /// Rents all slices of an empty node, at a discount (<c>marketTerms</c>), and takes the node off the market for that time. The rental is <c>ACTIVE</c> at
    /// once and has no machine of its own: its renter, and nobody else, places machines there with <c>placeMachine</c>, which cost nothing more.
    /// </summary>
    [Authorize]
    [GraphQLName("rentNode")]
    public static async Task<IRentNodeResult> Execute(
        RentNodeInput input, ClaimsPrincipal user, RentNode rent, QuoteTokens tokens, CancellationToken cancellation)
    {
        if (!RentalTerm.TryCreate(input.Term.Hours, input.Term.Months, out RentalTerm? term))
            return new InvalidRentalTerm(input.Term.Hours, input.Term.Months);
        SshPublicKey? key = null;
        if (input.SshPublicKey is { } text && !SshPublicKey.TryParse(text, out key, out InvalidSshPublicKey? problem))
            return problem;
        if (input.Name is { } name && RentalName.Refuse(name) is { } invalidName)
            return invalidName;
        NodeQuote? quote = null;
        if (input.QuoteToken is { } token && !tokens.TryOpen(token, out quote))
            return new QuoteMismatch();

        var request = new RentNodeRequest(
            user.RequiredAccountId(), input.NodeId, term, IdempotencyKey.Parse(input.IdempotencyKey), quote, user.HasPartnerLimits())
        {
            SshPublicKey = key,
            Name = input.Name,
        };
        return await rent.Execute(request, cancellation);
    }
}
