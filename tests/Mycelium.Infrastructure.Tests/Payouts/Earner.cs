using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Payouts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Payouts;

/// <summary>A market whose farmer has earned something in months that are over, and a payout sender.</summary>
internal sealed class Earner : IAsyncDisposable
{
    private const string Secret = "a-secret-of-the-tests-32-characters-long";

    private Earner(TestMarket market, StandInServer standIn) => (Market, StandIn) = (market, standIn);

    public TestMarket Market { get; }
    public StandInServer StandIn { get; }
    public PayoutSender Sender => StandIn.Payouts;
    public AccountId Farmer => Market.Farmer;

    /// <summary>About 15 dollars in the wallet, from one rental of 1,000 hours.</summary>
    public static async Task<Earner> StartAsync()
    {
        StandInServer standIn = await StandInServer.StartAsync(new StandInOptions { Nodes = 3, Farms = 1, PayoutSecret = Secret });
        TestMarket market = await TestMarket.OpenAsync(settings: Settings(standIn));
        NodeId node = await market.PublishAsync();
        await market.RentedAsync(market.Request(await market.AccountAsync("100"), node, hours: 1_000));
        await market.PassAsync(TimeSpan.FromDays(100));
        await market.Replica.Get<ExpireRentals>().Execute(default);
        await market.PassAsync(TimeSpan.FromDays(132)); // The month in which it ended is over.
        await market.Replica.Get<PostEarnings>().Execute(default);
        return new(market, standIn);
    }

    /// <summary>Another replica, as after the death of the first.</summary>
    public Replica AddReplica() => Market.AddReplica(settings: Settings(StandIn));

    public Task<IWithdrawFundsResult> WithdrawAsync(string dollars, IdempotencyKey? key = null) =>
        Market.Replica.Get<WithdrawFunds>().Execute(Farmer, MicroUsd.Parse(dollars), key ?? Market.NewKey(), default);

    public async Task<WithdrawalId> WithdrawnAsync(string dollars = "5") => Assert.IsType<WithdrawalRequested>(await WithdrawAsync(dollars)).WithdrawalId;

    public async Task<WithdrawalId> ApprovedAsync(string dollars = "5")
    {
        WithdrawalId id = await WithdrawnAsync(dollars);
        Assert.IsType<WithdrawalApproved>(await Market.Replica.Get<DecideWithdrawal>().ApproveAsync(Actor.Command, id, default));
        return id;
    }

    public Task<string> StateAsync(WithdrawalId id) => Market.ScalarAsync<string>("SELECT state FROM withdrawals WHERE id = $1", id.Value);

    public async Task<MicroUsd> WithdrawableAsync() =>
        MicroUsd.From(await Market.ScalarAsync<long>("SELECT withdrawable_of($1)", Farmer.Value));

    /// <summary>What is put off, and the leases of replicas that died, are due now.</summary>
    public Task<int> BeDueAsync() => Market.SqlAsync("UPDATE withdrawals SET next_try_at = market_now() WHERE next_try_at IS NOT NULL");

    public Task<long> ToldAsync(string kind) =>
        Market.ScalarAsync<long>("SELECT count(*) FROM notifications WHERE account_id = $1 AND kind = $2", Farmer.Value, kind);

    public async ValueTask DisposeAsync()
    {
        await Market.DisposeAsync();
        await StandIn.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(StandInServer standIn) =>
        [new("Payouts:BaseUrl", standIn.BaseAddress.ToString()), new("Payouts:Secret", Secret)];
}
