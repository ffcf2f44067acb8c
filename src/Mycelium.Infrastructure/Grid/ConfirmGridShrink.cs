using Microsoft.Extensions.Logging;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Lets the next passes over a grid believe that it has shrunk: the nodes that are missing are missed, and vanish after three passes. Doing it again changes
/// nothing.
/// </summary>
public sealed partial class ConfirmGridShrink(Transactions transactions, ILogger<ConfirmGridShrink> logger)
{
    /// <param name="by">The operator, for the log and the grid's row.</param>
    /// <param name="grid">Which grid.</param>
    /// <param name="remainingCount">What the operator has seen: a grid that lists another number of the known nodes by now is refused.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IConfirmGridShrinkResult> Execute(AccountId by, GridIdentity grid, int remainingCount, CancellationToken cancellation)
    {
        IConfirmGridShrinkResult result = await transactions.RunAsync(
            connection => ConfirmAsync(connection, by, grid, remainingCount, cancellation), cancellation).ConfigureAwait(false);
        if (result is GridShrinkConfirmed confirmed)
            LogConfirmed(by, grid.Name, confirmed.Shrink.RemainingCount, confirmed.Shrink.KnownCount);
        else
            LogRefused(by, grid.Name, remainingCount, result.GetType().Name);
        return result;
    }

    private static async Task<IConfirmGridShrinkResult> ConfirmAsync(
        NpgsqlConnection connection, AccountId by, GridIdentity grid, int remainingCount, CancellationToken cancellation)
    {
        (IConfirmGridShrinkResult result, bool isNew) = await TryConfirmAsync(connection, by, grid, remainingCount, cancellation).ConfigureAwait(false);
        if (isNew && result is GridShrinkConfirmed { Shrink: var shrink })
        {
            await new NpgsqlBatch(connection)
                .ThenAudit(new PrivilegedAct(
                    Actor.Of(by), AuditAction.GridShrinkConfirmed, AuditSubject.Grid, grid.Name, Before: new { NodeCount = shrink.KnownCount },
                    After: new { NodeCount = shrink.RemainingCount }))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    private static async Task<(IConfirmGridShrinkResult Result, bool IsNew)> TryConfirmAsync(
        NpgsqlConnection connection, AccountId by, GridIdentity grid, int remainingCount, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                """
                UPDATE grid_syncs SET shrink_confirmed_count = $2, shrink_confirmed_by = $3
                WHERE grid_number = $1 AND shrink_remaining_count = $2 AND shrink_confirmed_count IS NULL RETURNING true
                """,
                grid.Number.Value, remainingCount, by.Value)
            .Then(
                """
                SELECT shrink_known_count, shrink_remaining_count, shrink_since, shrink_confirmed_count IS NOT NULL
                FROM grid_syncs WHERE grid_number = $1 AND shrink_known_count IS NOT NULL
                """,
                grid.Number.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        bool isNew = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
        List<GridShrink> shrinks = await reader.RowsAsync(
            row => new GridShrink(row.GetInt32(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetBoolean(3)),
            cancellation).ConfigureAwait(false);
        IConfirmGridShrinkResult result = shrinks switch
        {
            [] => new GridNotShrinking(grid.Name),
            [{ IsConfirmed: true } shrink] when shrink.RemainingCount == remainingCount => new GridShrinkConfirmed(grid.Name, shrink),
            [var shrink] => new GridShrinkChanged(grid.Name, shrink),
            _ => throw new InvalidOperationException($"The grid {grid.Name} has {shrinks.Count} rows."),
        };
        return (result, isNew);
    }

    [LoggerMessage(LogLevel.Warning, "Operator {By} confirmed that grid {Grid} has shrunk to {Remaining} of {Known} nodes")]
    private partial void LogConfirmed(AccountId by, string grid, int remaining, int known);

    [LoggerMessage(LogLevel.Warning, "Operator {By} was refused to confirm that grid {Grid} has shrunk to {Remaining} nodes: {Refusal}")]
    private partial void LogRefused(AccountId by, string grid, int remaining, string refusal);
}
