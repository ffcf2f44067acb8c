using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>What a transaction that wrote events sends at its end.</summary>
internal static class EventStatements
{
    /// <summary>
    /// Numbers the transaction's own events, and others that wait, and commits: in one round trip, since the numbers are held until the commit. What is checked
    /// at the end of a transaction is checked before, so that nothing else waits for the numbers in the meantime.
    /// </summary>
    /// <param name="batch">The transaction so far.</param>
    /// <param name="stampMax">How many events are numbered at most, the transaction's own aside.</param>
    public static NpgsqlBatch ThenStampAndCommit(this NpgsqlBatch batch, int stampMax) => batch
        .Then("SET CONSTRAINTS ALL IMMEDIATE")
        .Then("SELECT stamped, up_to FROM stamp_own_events($1)", stampMax)
        .Then("COMMIT");

    /// <summary>Runs a batch that ends with <see cref="ThenStampAndCommit"/> and publishes which events were numbered.</summary>
    public static async Task RunAndPublishAsync(this NpgsqlBatch batch, EventNews news, int stampMax)
    {
        int stamped = 0;
        long upTo = 0;
        await using (batch)
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync().ConfigureAwait(false))
        {
            // The only rows are those of stamp_own_events. COMMIT comes after them, and may fail.
            do
            {
                if (await reader.ReadAsync().ConfigureAwait(false))
                    (stamped, upTo) = (reader.GetInt32(0), reader.GetInt64(1));
            }
            while (await reader.NextResultAsync().ConfigureAwait(false));
        }
        if (stamped > 0)
            news.Stamped(upTo - stamped + 1, upTo);
        if (stamped is 0 || stamped >= stampMax)
            news.Committed(); // Some wait for the stamper.
    }
}
