using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.GraphQL.Grids;

/// <summary>Which shrink is real.</summary>
/// <param name="RemainingCount">The <c>shrink { remainingCount }</c> of the grid that the operator has looked at: another number by now is refused.</param>
/// <param name="Grid">The name of the grid.</param>
public sealed record ConfirmGridShrinkInput(int RemainingCount, string Grid = GridName.Main);

[MutationType]
public static class ConfirmGridShrinkMutation
{
    /// <summary>
    /// Lets a grid lose more than half of its nodes. An operator does this once the nodes are known to be gone: they vanish after three passes, and sell nothing from then on.
    /// It holds for this shrink alone, while at least as many nodes remain.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("confirmGridShrink")]
    public static async Task<IConfirmGridShrinkResult> Execute(
        ConfirmGridShrinkInput input, ClaimsPrincipal user, GridDirectory grids, ConfirmGridShrink confirm, CancellationToken cancellation) =>
        await grids.FindAsync(input.Grid, cancellation) is { } grid
            ? await confirm.Execute(user.RequiredAccountId(), grid, input.RemainingCount, cancellation)
            : new GridNotFound(input.Grid);
}
