using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Partners;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task A_payment_that_is_told_twice_is_one_entry_with_amounts_before_and_after()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        AccountId account = await market.AccountAsync("1");
        IdempotencyKey key = market.NewKey();

        await market.Replica.Get<DepositFunds>().Execute(Actor.Of(by), account, MicroUsd.Parse("2"), key, default);
        await market.Replica.Get<DepositFunds>().Execute(Actor.Of(by), account, MicroUsd.Parse("2"), key, default);

        AuditEntry entry = Assert.Single(await EntriesAsync(market, by));
        Assert.Equal((AuditAction.FundsDeposited, AuditSubject.Account, account.ToString(), account),
            (entry.Action, entry.Subject, entry.SubjectId, entry.AccountId));
        Assert.Equal(("{\"balance_micro_usd\": 1000000}", "{\"amount_micro_usd\": 2000000, \"balance_micro_usd\": 3000000}"), (entry.Before, entry.After));
    }

    [Fact]
    public async Task What_changes_nothing_leaves_no_entry()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        AccountId account = await market.AccountAsync();
        var partners = market.Replica.Get<PartnerRole>();

        await partners.Revoke(Actor.Of(by), account, default);
        await partners.Grant(Actor.Of(by), account, default);
        await partners.Grant(Actor.Of(by), account, default);
        await partners.Grant(Actor.Of(by), new AccountId(Guid.NewGuid()), default);
        await partners.Revoke(Actor.Of(by), account, default);
        await partners.Revoke(Actor.Of(by), account, default);
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Of(by), GridIdentity.Main, 2, market.Farmer, default); // It is.
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Of(by), GridIdentity.Main, 2, account, default);
        await market.Replica.Get<UnlinkFarmerTwin>().Execute(Actor.Of(by), GridIdentity.Main, 3, default);

        Assert.Equal([AuditAction.PartnerGranted, AuditAction.PartnerRevoked], (await EntriesAsync(market, by)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task An_act_whose_transaction_fails_leaves_no_entry()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        AccountId account = await market.AccountAsync();
        await market.SqlAsync("""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()
            """);

        await Assert.ThrowsAsync<PostgresException>(() => market.Replica.Get<PartnerRole>().Grant(Actor.Of(by), account, default));

        Assert.Empty(await EntriesAsync(market, by));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM account_roles"));
    }

    /// <summary>
    /// What anyone with the application's connection may write, each without the entry that the service writes with it, and with one of another account.
    /// </summary>
    public static TheoryData<string> Unaudited => new(
    [
        "INSERT INTO account_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'operator'",
        "INSERT INTO account_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'partner'",
        "DELETE FROM account_roles WHERE user_id = $1",
        "INSERT INTO farmer_twins (grid_number, twin_id, account_id) VALUES (0, 99, $1)",
        "DELETE FROM farmer_twins WHERE account_id = $1",
        "UPDATE accounts SET lockout_end = NULL WHERE id = $1",
        """
        INSERT INTO ledger_entries (id, kind) VALUES ('99999999-0000-0000-0000-000000000001', 'Deposit');
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        VALUES ('99999999-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', -5), ('99999999-0000-0000-0000-000000000001', $1, 5)
        """,
    ]);

    [Theory]
    [MemberData(nameof(Unaudited))]
    public async Task The_applications_role_does_nothing_privileged_without_an_entry(string act)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        await market.SqlAsync($"INSERT INTO farmer_twins (grid_number, twin_id, account_id) VALUES (0, 98, '{account.Value}')");
        await market.SqlAsync(
            $"INSERT INTO account_roles (user_id, role_id) SELECT '{account.Value}', id "
            + $"FROM roles WHERE name = 'operator' AND {(act.StartsWith("DELETE", StringComparison.Ordinal) ? "true" : "false")}");
        await market.SqlAsync($"UPDATE accounts SET lockout_end = 'infinity' WHERE id = '{account.Value}'");
        string[] actions = ["FundsDeposited", "FarmerTwinLinked", "FarmerTwinUnlinked", "PartnerGranted", "PartnerRevoked", "OperatorGranted",
            "OperatorRevoked", "AccountUnlocked"];

        PostgresException alone = await Assert.ThrowsAsync<PostgresException>(() => CommitAsync(market, account, act));
        PostgresException ofAnother = await Assert.ThrowsAsync<PostgresException>(() => CommitAsync(market, account, act, Entries("gen_random_uuid()")));
        await CommitAsync(market, account, act, Entries("$1"));

        Assert.Equal(("acts_are_audited", "acts_are_audited"), (alone.ConstraintName, ofAnother.ConstraintName));
        // An entry counts for its own transaction alone.
        PostgresException later = await Assert.ThrowsAsync<PostgresException>(
            () => CommitAsync(market, account, "UPDATE accounts SET lockout_end = '2000-01-01' WHERE id = $1"));
        Assert.Equal("acts_are_audited", later.ConstraintName);

        string Entries(string whose) => string.Join("; ", actions.Select(action =>
            $"INSERT INTO audit_entries (actor, action, subject, subject_id, account_id) VALUES ('Command', '{action}', 'Account', 'x', {whose})"));
    }

    [Fact]
    public async Task Every_action_and_every_subject_can_be_written()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await using NpgsqlBatch batch = connection.Send("BEGIN");

        foreach (AuditAction action in Enum.GetValues<AuditAction>())
            batch.ThenAudit(new PrivilegedAct(Actor.Of(by), action, AuditSubject.Account, "x"));
        foreach (AuditSubject subject in Enum.GetValues<AuditSubject>())
            batch.ThenAudit(new PrivilegedAct(Actor.Of(by), AuditAction.AccountLocked, subject, "x"));
        await batch.Then("COMMIT").ExecuteNonQueryAsync();

        Assert.Equal(Enum.GetValues<AuditAction>().Length + Enum.GetValues<AuditSubject>().Length, (await EntriesAsync(market, by)).Count);
    }

    private static async Task CommitAsync(TestMarket market, AccountId account, params string[] statements)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        foreach (string statement in statements.SelectMany(text => text.Split(';', StringSplitOptions.RemoveEmptyEntries)))
        {
            await using NpgsqlBatch batch = statement.Contains("$1", StringComparison.Ordinal)
                ? connection.Send(statement, account.Value)
                : connection.Send(statement);
            await batch.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    private static async Task<List<AuditEntry>> EntriesAsync(TestMarket market, AccountId by)
    {
        await using MyceliumDb db = market.Replica.Read();
        return await db.AuditEntries.Where(entry => entry.ActorId == by).OrderBy(entry => entry.Id).ToListAsync();
    }
}
