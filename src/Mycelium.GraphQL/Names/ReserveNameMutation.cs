using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Names;

namespace Mycelium.GraphQL.Names;

/// <summary>The name, and where it leads.</summary>
/// <param name="Name">3 to 63 of a-z, 0-9 and hyphens, with none at the ends.</param>
/// <param name="RentalId">One of the caller's rentals on this grid.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never reserves twice and gets the first answer.
/// </param>
/// <param name="Grid">The grid whose gateway has the name.</param>
public sealed record ReserveNameInput(
    [StringLength(256)] string Name, [property: ID<Rental>] RentalId RentalId, [IdempotencyKey] string IdempotencyKey, [StringLength(32)] string Grid = "main");

[MutationType]
public static class ReserveNameMutation
{
    /// <summary>
    /// Reserves a name of a grid's gateway and leads it to a rental. It is paid by the hour (UTC), as metered rentals are: the rest of this hour at once, and
    /// each hour when it begins. If an hour cannot be paid, the name is kept through its grace period and then released.
    /// </summary>
    [Authorize]
    [GraphQLName("reserveName")]
    public static Task<IReserveNameResult> Execute(ReserveNameInput input, ClaimsPrincipal user, ReserveName reserve, CancellationToken cancellation) =>
        reserve.Execute(
            user.RequiredAccountId(), input.Grid, input.Name, input.RentalId, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
}
