using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Writes ledger entries. Sequences and balances of wallets are continued by a trigger (<c>continue_wallet</c>), and nothing else can write one.
/// </summary>
internal static class LedgerTable
{
    private static readonly Guid externalCash = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid escrow = new("00000000-0000-0000-0000-000000000002");
    private static readonly Guid platformFees = new("00000000-0000-0000-0000-000000000003");
    private static readonly Guid payouts = new("00000000-0000-0000-0000-000000000004");

    /// <summary>
    /// The version digit of a UUID, which sets an owner's other accounts apart from its wallet: <c>earnings_account</c> and <c>debt_account</c> in SQL.
    /// </summary>
    private const int KindPosition = 14;

    private static readonly InsertMany<NewEntry> insertEntries = new InsertMany<NewEntry>("ledger_entries")
        .Column("id", entry => entry.Id)
        .Column("kind", entry => entry.Entry.Kind.ToString())
        .Column("rental_id", entry => entry.Entry.RentalId?.Value)
        .Column("number", entry => (long)entry.Entry.Number);

    private static readonly InsertMany<NewEntry> insertEarnings = new InsertMany<NewEntry>("rental_earnings")
        .Column("rental_id", entry => entry.Entry.Earning!.RentalId.Value)
        .Column("entry_id", entry => entry.Id)
        .Column("earned", entry => entry.Entry.Earning!.Earned.Value)
        .Column("fee", entry => entry.Entry.Earning!.Fee.Value);

    private static readonly InsertMany<NewPosting> insertPostings = new InsertMany<NewPosting>("ledger_postings")
        .Column("entry_id", posting => posting.EntryId)
        .Column("account_id", posting => posting.AccountId)
        .Column("amount", posting => posting.Amount);

    /// <summary>Locks wallets in the order that all transactions keep. A wallet that does not exist is not an error here.</summary>
    public static NpgsqlBatch ThenLockWallets(this NpgsqlBatch batch, Guid[] owners) =>
        batch.Then("SELECT FROM ledger_accounts WHERE id = ANY ($1) AND kind = 'Wallet' ORDER BY id FOR NO KEY UPDATE", owners);

    /// <summary>Locks those wallets that no other transaction has locked, and returns their ids.</summary>
    public static NpgsqlBatch ThenLockFreeWallets(this NpgsqlBatch batch, Guid[] owners) =>
        batch.Then("SELECT id FROM ledger_accounts WHERE id = ANY ($1) AND kind = 'Wallet' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", owners);

    /// <summary>Appends entries with their postings. An entry that moves nothing, such as the charge of a free rental, is left out.</summary>
    /// <param name="batch">The transaction so far.</param>
    /// <param name="entries">Each sums to zero.</param>
    /// <param name="at">Ids begin with it, so that indexes grow at their end and what is read and written stays close together.</param>
    public static NpgsqlBatch ThenAppend(this NpgsqlBatch batch, IReadOnlyCollection<LedgerEntry> entries, DateTimeOffset at)
    {
        NewEntry[] moving = [.. entries.Where(entry => entry.Postings.Count > 0).Select(entry => new NewEntry(Guid.CreateVersion7(at), entry))];
        insertEntries.AddTo(batch, moving);
        insertEarnings.AddTo(batch, [.. moving.Where(entry => entry.Entry.Earning is not null)]);
        return insertPostings.AddTo(
            batch, [.. moving.SelectMany(entry => Postings(entry.Entry).Select(posting => new NewPosting(entry.Id, posting.Account, posting.Amount)))]);
    }

    /// <summary>One posting for each account: a farmer who rents at home is paid and refunded at once.</summary>
    private static IEnumerable<(Guid Account, long Amount)> Postings(LedgerEntry entry) => entry.Postings
        .GroupBy(posting => IdOf(posting.Account), (account, postings) => (account, postings.Sum(posting => posting.Amount.Value)))
        .Where(posting => posting.Item2 != 0);

    private static Guid IdOf(LedgerAccount account) => account.Kind switch
    {
        LedgerAccountKind.ExternalCash => externalCash,
        LedgerAccountKind.Escrow => escrow,
        LedgerAccountKind.PlatformFees => platformFees,
        LedgerAccountKind.Payouts => payouts,
        LedgerAccountKind.Earnings => Of(account.Owner!.Value, 'e'),
        LedgerAccountKind.Debt => Of(account.Owner!.Value, 'd'),
        _ => account.Owner!.Value.Value,
    };

    private static Guid Of(AccountId owner, char kind) => Guid.Parse(string.Create(36, (owner, kind), static (text, account) =>
    {
        account.owner.Value.TryFormat(text, out _);
        text[KindPosition] = account.kind;
    }));

    private readonly record struct NewEntry(Guid Id, LedgerEntry Entry);

    private readonly record struct NewPosting(Guid EntryId, Guid AccountId, long Amount);
}
