using Mycelium.Domain.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Writes ledger entries. Sequences and balances of wallets are continued by a trigger (<c>continue_wallet</c>), and nothing else can write one.</summary>
internal static class LedgerTable
{
    private static readonly Guid externalCash = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid escrow = new("00000000-0000-0000-0000-000000000002");

    /// <summary>Locks wallets in the order that everybody keeps. One that does not exist is not an error here.</summary>
    public static NpgsqlBatch ThenLockWallets(this NpgsqlBatch batch, Guid[] owners) =>
        batch.Then("SELECT FROM ledger_accounts WHERE id = ANY ($1) AND kind = 'Wallet' ORDER BY id FOR NO KEY UPDATE", owners);

    /// <summary>Appends entries with their postings. An entry that moves nothing, such as the charge of a free rental, is left out.</summary>
    /// <param name="batch">The transaction so far.</param>
    /// <param name="entries">Each sums to zero.</param>
    /// <param name="at">Ids begin with it, so that indexes grow at their end and what is read and written stays close together.</param>
    public static NpgsqlBatch ThenAppend(this NpgsqlBatch batch, IReadOnlyCollection<LedgerEntry> entries, DateTimeOffset at)
    {
        LedgerEntry[] moving = [.. entries.Where(entry => entry.Postings.Count > 0)];
        Guid[] ids = [.. moving.Select(_ => Guid.CreateVersion7(at))];
        var postings = moving.Zip(ids).SelectMany(entry => Postings(entry.First).Select(posting => (Entry: entry.Second, posting.Account, posting.Amount))).ToList();
        return batch
            .Then(
                "INSERT INTO ledger_entries (id, kind, rental_id) SELECT * FROM unnest($1, $2, $3)",
                ids, moving.Select(entry => entry.Kind.ToString()).ToArray(), moving.Select(entry => entry.RentalId?.Value).ToArray())
            .Then(
                "INSERT INTO ledger_postings (entry_id, account_id, amount) SELECT * FROM unnest($1, $2, $3)",
                postings.Select(posting => posting.Entry).ToArray(), postings.Select(posting => posting.Account).ToArray(), postings.Select(posting => posting.Amount).ToArray());
    }

    /// <summary>One posting for each account: a farmer who rents at home is paid and refunded at once.</summary>
    private static IEnumerable<(Guid Account, long Amount)> Postings(LedgerEntry entry) => entry.Postings
        .GroupBy(posting => IdOf(posting.Account), (account, postings) => (account, postings.Sum(posting => posting.Amount.Value)))
        .Where(posting => posting.Item2 != 0);

    private static Guid IdOf(LedgerAccount account) => account.Kind switch
    {
        LedgerAccountKind.ExternalCash => externalCash,
        LedgerAccountKind.Escrow => escrow,
        _ => account.Owner!.Value.Value,
    };
}
