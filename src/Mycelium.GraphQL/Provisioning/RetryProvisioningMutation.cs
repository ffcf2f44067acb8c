using System.Security.Claims;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL.Provisioning;

/// <summary>The rental whose machine to try again.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
public sealed record RetryProvisioningInput([property: ID<Rental>] RentalId RentalId);

[MutationType]
public static class RetryProvisioningMutation
{
    /// <summary>
    /// Tries again at once to make a rental's machine, without waiting for the next attempt. A machine that has failed is made again, and what is on its disk
    /// is lost.
    /// </summary>
    [Authorize]
    [GraphQLName("retryProvisioning")]
    public static Task<IRetryProvisioningResult> Execute(
        RetryProvisioningInput input, ClaimsPrincipal user, RetryProvisioning retry, CancellationToken cancellation) =>
        retry.Execute(user.RequiredAccountId(), input.RentalId, cancellation);
}
