using System.Security.Claims;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Payments;

namespace Mycelium.GraphQL.Payments;

[QueryType]
public static class TopUpRequestQuery
{
    /// <summary>
    /// Where to pay into your own wallet: the address of a page of the payment provider. Nothing happens until you pay there; the money then arrives by
    /// itself, and <c>onWalletChanged</c> says when. It pays what you owe first.
    /// </summary>
    /// <param name="amount">In whole cents.</param>
    /// <param name="user">The caller.</param>
    /// <param name="request">The operation.</param>
    /// <param name="cancellation">Of the request.</param>
    [Authorize]
    [Cost(100)] // A request to the payment provider.
    public static Task<ITopUpRequestResult> GetTopUpRequest(MicroUsd amount, ClaimsPrincipal user, RequestTopUp request, CancellationToken cancellation) =>
        request.Execute(user.RequiredAccountId(), amount, cancellation);
}
