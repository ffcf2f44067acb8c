using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Market;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to quote.</summary>
/// <param name="NodeId">The node to rent whole.</param>
/// <param name="Term">For how long.</param>
public sealed record NodeQuoteInput([property: ID<GridNode>] NodeId NodeId, RentalTermInput Term);

[QueryType]
public static class NodeQuoteQuery
{
    /// <summary>
    /// The exact price of a whole node, itemised: first the discount for the whole node, then the one for the term. Pass its <c>token</c> to <c>rentNode</c>
    /// before <c>validUntil</c> to be charged exactly this. A quote holds nothing, works only for the account that requested it, and works once. Anonymous
    /// callers get the price without a token.
    /// </summary>
    public static async Task<INodeQuoteResult> GetNodeQuote(
        NodeQuoteInput input, ClaimsPrincipal user, AskNodeQuote ask, CancellationToken cancellation) =>
        RentalTerm.TryCreate(input.Term.Hours, input.Term.Months, out RentalTerm? term)
            ? await ask.Execute(input.NodeId, term, user.AccountId(), cancellation)
            : new InvalidRentalTerm(input.Term.Hours, input.Term.Months);
}

/// <summary>The price of a whole node, and its token.</summary>
[ObjectType<NodeQuote>]
[ExtendObjectType<NodeQuote>(IgnoreProperties = [nameof(NodeQuote.Ticket)])]
public static class NodeQuoteType
{
    /// <summary>This quote for <c>rentNode</c>, signed and opaque. Only this account can use it, and only once. Null for anonymous callers.</summary>
    public static string? GetToken([Parent] NodeQuote quote, QuoteTokens tokens) => quote.Ticket is null ? null : tokens.Seal(quote);
}
