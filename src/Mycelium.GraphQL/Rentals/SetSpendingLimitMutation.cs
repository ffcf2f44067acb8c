using System.Security.Claims;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental, and what it may cost.</summary>
/// <param name="RentalId">One of the caller's metered rentals.</param>
/// <param name="Limit">In all, from its beginning, extras included; null lifts the limit.</param>
public sealed record SetSpendingLimitInput([property: ID<Rental>] RentalId RentalId, MicroUsd? Limit);

[MutationType]
public static class SetSpendingLimitMutation
{
    /// <summary>
    /// Limits what a metered rental may cost in all. The next hour that would exceed it is not paid, and the rental enters grace; with a higher limit it
    /// returns within a minute, if the wallet holds what is owed. Nothing that was paid comes back.
    /// </summary>
    [Authorize]
    [GraphQLName("setSpendingLimit")]
    public static Task<ISetSpendingLimitResult> Execute(
        SetSpendingLimitInput input, ClaimsPrincipal user, SetSpendingLimit setSpendingLimit, CancellationToken cancellation) =>
        input.Limit < MicroUsd.Zero
            ? throw new GraphQLException("`limit` is not negative.", ErrorCodes.BadUserInput)
            : setSpendingLimit.Execute(user.RequiredAccountId(), input.RentalId, input.Limit, cancellation);
}
