using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.GraphQL.Grids;

/// <summary>The shrink to confirm.</summary>
/// <param name="RemainingCount">
/// The grid's <c>shrink { remainingCount }</c> that the operator has seen. If the number has changed since, the confirmation is refused.
/// </param>
/// <param name="Grid">The name of the grid.</param>
public sealed record ConfirmGridShrinkInput(int RemainingCount, string Grid = GridName.Main);

[MutationType]
public static class ConfirmGridShrinkMutation
{
    /// <summary>
    /// Confirms that more than half of a grid's nodes are gone. Operators do this once they know that it is true: the nodes vanish after
    /// three passes, and sell nothing from then on. The confirmation is valid for this shrink only, while at least as many nodes remain.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("confirmGridShrink")]
    public static async Task<IConfirmGridShrinkResult> Execute(
        ConfirmGridShrinkInput input, ClaimsPrincipal user, GridDirectory grids, ConfirmGridShrink confirm, CancellationToken cancellation) =>
        await grids.FindAsync(input.Grid, cancellation) is { } grid
            ? await confirm.Execute(user.RequiredAccountId(), grid, input.RemainingCount, cancellation)
            : new GridNotFound(input.Grid);
}
