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
        Assert.Equal((AuditAction.FundsDeposited, AuditSubject.Account, account.ToString(), account), (entry.Action, entry.Subject, entry.SubjectId, entry.AccountId));
        Assert.Equal(("{\"balance_micro_usd\": 1000000}", "{\"amount_micro_usd\": 2000000, \"balance_micro_usd\": 3000000}"), (entry.Before, entry.After));
    }

    [Fact]
    public async Task What_changes_nothing_leaves_no_entry()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        AccountId account = await market.AccountAsync();
        var grant = market.Replica.Get<GrantPartner>();
        var revoke = market.Replica.Get<RevokePartner>();

        await revoke.Execute(Actor.Of(by), account, default);
        await grant.Execute(Actor.Of(by), account, default);
        await grant.Execute(Actor.Of(by), account, default);
        await grant.Execute(Actor.Of(by), new AccountId(Guid.NewGuid()), default);
        await revoke.Execute(Actor.Of(by), account, default);
        await revoke.Execute(Actor.Of(by), account, default);
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
        await market.SqlAsync("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'; CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()");

        await Assert.ThrowsAsync<PostgresException>(() => market.Replica.Get<GrantPartner>().Execute(Actor.Of(by), account, default));

        Assert.Empty(await EntriesAsync(market, by));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM account_roles"));
    }

    [Fact]
    public async Task Every_action_and_every_subject_can_be_written()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId by = await market.AccountAsync();
        await using MyceliumDb db = market.Replica.Read();
        await using var transaction = await db.Database.BeginTransactionAsync();

        foreach (AuditAction action in Enum.GetValues<AuditAction>())
            await db.AuditAsync(new PrivilegedAct(Actor.Of(by), action, AuditSubject.Account, "x"), default);
        foreach (AuditSubject subject in Enum.GetValues<AuditSubject>())
            await db.AuditAsync(new PrivilegedAct(Actor.Of(by), AuditAction.AccountLocked, subject, "x"), default);
        await transaction.CommitAsync();

        Assert.Equal(Enum.GetValues<AuditAction>().Length + Enum.GetValues<AuditSubject>().Length, (await EntriesAsync(market, by)).Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => market.Replica.Read().AuditAsync(new PrivilegedAct(Actor.Command, AuditAction.AccountLocked, AuditSubject.Account, "x"), default));
    }

    private static async Task<List<AuditEntry>> EntriesAsync(TestMarket market, AccountId by)
    {
        await using MyceliumDb db = market.Replica.Read();
        return await db.AuditEntries.Where(entry => entry.ActorId == by).OrderBy(entry => entry.Id).ToListAsync();
    }
}
