using Mycelium.Domain.Grids;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// A complete pass that misses more than half of a grid's nodes: likelier a GridProxy that has lost its data than a grid that lost its nodes. It is not
/// believed, and waits in the grid's row of <c>grid_syncs</c> until an operator confirms it, or a pass finds the nodes again.
/// </summary>
internal static class GridShrinks
{
    /// <summary>How many nodes a small grid may lose at once.</summary>
    private const int MissingMin = 10;

    /// <summary>
    /// Kept from pass to pass, so that a node that is missed three times vanishes as always. A confirmation holds for this shrink alone: it goes with it, and
    /// when fewer nodes remain than were confirmed.
    /// </summary>
    private const string Keep = """
        UPDATE grid_syncs
        SET shrink_known_count = @known, shrink_remaining_count = @remaining, shrink_since = coalesce(shrink_since, market_now()),
            shrink_confirmed_count = CASE WHEN shrink_confirmed_count <= @remaining THEN shrink_confirmed_count END,
            shrink_confirmed_by = CASE WHEN shrink_confirmed_count <= @remaining THEN shrink_confirmed_by END
        WHERE grid_number = @grid RETURNING shrink_confirmed_count IS NOT NULL
        """;

    private const string Forget = """
        UPDATE grid_syncs
        SET shrink_known_count = NULL, shrink_remaining_count = NULL, shrink_since = NULL, shrink_confirmed_count = NULL, shrink_confirmed_by = NULL
        WHERE grid_number = @grid AND shrink_known_count IS NOT NULL
        """;

    /// <summary>Whether the missing nodes are missed: they are few, or an operator has confirmed that they have left.</summary>
    public static async Task<bool> JudgeAsync(NpgsqlConnection connection, GridIdentity grid, int knownCount, int missingCount, CancellationToken cancellation)
    {
        bool isShrink = missingCount > Math.Max(MissingMin, knownCount / 2);
        await using var judge = new NpgsqlCommand(isShrink ? Keep : Forget, connection);
        judge.Parameters.AddWithValue("grid", grid.Number.Value);
        if (!isShrink)
        {
            await judge.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        judge.Parameters.AddWithValue("known", knownCount);
        judge.Parameters.AddWithValue("remaining", knownCount - missingCount);
        return await judge.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }
}
