using System.Security.Claims;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental, and how much its renewal may cost.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="MaxPricePerHour">The highest price per hour, of all slices and before discount, at which it renews itself; null turns renewal off.</param>
public sealed record SetAutoRenewInput([property: ID<Rental>] RentalId RentalId, MicroUsdPerHour? MaxPricePerHour);

[MutationType]
public static class SetAutoRenewMutation
{
    /// <summary>
    /// Lets a rental renew itself for the term that it was last paid for, at the node's price of that moment and never above the one given here. It is charged
    /// 24 hours before the end, or half-way through a term under 48 hours, and comes back whole if renewal is turned off before the new term starts and
    /// nothing was appended after it. Without the money, or above the price, it is tried again every hour, and the rental enters grace at its end.
    /// </summary>
    [Authorize]
    [GraphQLName("setAutoRenew")]
    public static Task<ISetAutoRenewResult> Execute(
        SetAutoRenewInput input, ClaimsPrincipal user, SetAutoRenew setAutoRenew, CancellationToken cancellation) =>
        setAutoRenew.Execute(user.RequiredAccountId(), input.RentalId, input.MaxPricePerHour, cancellation);
}
