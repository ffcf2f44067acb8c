using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>
/// Gives a name up: <c>releaseName</c> in the schema. What is paid of the running hour does not come back, what is owed is written off. The same however often
/// it is done.
/// </summary>
public sealed class ReleaseName(Transactions transactions)
{
    public Task<IReleaseNameResult> Execute(AccountId account, ReservedNameId id, CancellationToken cancellation) =>
        transactions.RunAsync(connection => ReleaseAsync(connection, account, id, cancellation), cancellation);

    private static async Task<IReleaseNameResult> ReleaseAsync(
        NpgsqlConnection connection, AccountId account, ReservedNameId id, CancellationToken cancellation)
    {
        ReservedName? name;
        DateTimeOffset now;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").ThenLockWallets([account.Value]).ThenLockName(id, account).Then("SELECT market_now()"))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
            name = (await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false)).SingleOrDefault();
            now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        }
        if (name is null)
            return new NameNotFound(id);
        if (name.Status != NameStatus.Released)
        {
            name.Release(NameReleaseReason.ReleasedByHolder, now, now);
            await new NpgsqlBatch(connection).ThenSaveName(name).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return new NameReleased(name);
    }
}
