using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Payouts;

public sealed class SendWithdrawalsTests
{
    private static Task<int> SendAsync(Replica replica) => replica.Get<SendWithdrawals>().Execute(default);

    private static async Task AssertEndedOnceAsync(Earner earner, WithdrawalId id, MicroUsd before, bool isPaid)
    {
        Assert.Equal(isPaid ? "Settled" : "Failed", await earner.StateAsync(id));
        Assert.Equal(isPaid ? before - MicroUsd.Parse("5") : before, await earner.Market.BalanceAsync(earner.Farmer));
        Assert.Equal((5_000_000, isPaid ? "paid" : "failed"), (Assert.Single(earner.Sender.All).AmountMicroUsd, earner.Sender.All.Single().State));
        Assert.Equal((isPaid ? 1 : 0, isPaid ? 0 : 1), (await earner.ToldAsync("WithdrawalSettled"), await earner.ToldAsync("WithdrawalFailed")));
        await earner.Market.CheckAsync();
    }

    /// <summary>The last of them is after everything is done.</summary>
    [Theory]
    [InlineData("mark", true)]
    [InlineData("ask", true)]
    [InlineData("send", true)]
    [InlineData("end", true)]
    [InlineData("next", true)]
    [InlineData("mark", false)]
    [InlineData("ask", false)]
    [InlineData("send", false)]
    [InlineData("end", false)]
    [InlineData("next", false)]
    public async Task A_replica_that_dies_before_any_step_loses_and_doubles_nothing(string step, bool isPaid)
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd before = await earner.Market.BalanceAsync(earner.Farmer);
        earner.Sender.Outcome = isPaid ? "paid" : "failed";
        WithdrawalId id = await earner.ApprovedAsync();
        earner.Market.Replica.Get<SendWithdrawals>().BeforeStep = at =>
        {
            if (at == step)
                throw new InvalidOperationException($"Killed before {step}.");
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(earner.Market.Replica));
        Replica next = earner.AddReplica();
        Assert.Equal(0, await SendAsync(next)); // Its lease is not over.
        await earner.BeDueAsync();
        await SendAsync(next);

        await AssertEndedOnceAsync(earner, id, before, isPaid);
        Assert.Equal(1, earner.Sender.Attempts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Lost_answers_of_the_sender_are_asked_for_again_and_nothing_is_paid_twice(int lost)
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd before = await earner.Market.BalanceAsync(earner.Farmer);
        WithdrawalId id = await earner.ApprovedAsync();
        earner.Sender.LostAnswers = lost;

        for (int pass = 0; pass < 5; pass++)
        {
            await SendAsync(earner.Market.Replica);
            await earner.BeDueAsync();
        }

        await AssertEndedOnceAsync(earner, id, before, isPaid: true);
    }

    [Fact]
    public async Task An_answer_that_the_sender_did_not_sign_ends_nothing()
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd before = await earner.Market.BalanceAsync(earner.Farmer);
        WithdrawalId id = await earner.ApprovedAsync();
        earner.Sender.IsImpostor = true;

        Assert.Equal(1, await SendAsync(earner.Market.Replica));
        Assert.Equal("Sent", await earner.StateAsync(id));
        earner.Sender.IsImpostor = false;
        Assert.Equal(0, await SendAsync(earner.Market.Replica)); // It is put off.
        await earner.BeDueAsync();
        await SendAsync(earner.Market.Replica);

        await AssertEndedOnceAsync(earner, id, before, isPaid: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_on_its_way_is_asked_about_until_it_ends_by_several_replicas_at_once(bool isPaid)
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd before = await earner.Market.BalanceAsync(earner.Farmer);
        WithdrawalId id = await earner.ApprovedAsync();
        earner.Sender.Outcome = "pending";
        Replica[] replicas = [earner.Market.Replica, earner.AddReplica(), earner.AddReplica()];

        int[] counts = await Task.WhenAll(replicas.Select(replica => Task.Run(() => SendAsync(replica))));
        Assert.Equal((1, "Sent"), (counts.Sum(), await earner.StateAsync(id)));
        earner.Sender.Finish(isPaid ? "paid" : "failed");
        await earner.BeDueAsync();
        await Task.WhenAll(replicas.Select(replica => Task.Run(() => SendAsync(replica))));

        await AssertEndedOnceAsync(earner, id, before, isPaid);
    }

    [Fact]
    public async Task Without_an_approval_nothing_is_sent()
    {
        await using Earner earner = await Earner.StartAsync();
        WithdrawalId id = await earner.WithdrawnAsync();

        Assert.Equal(0, await SendAsync(earner.Market.Replica));

        Assert.Equal(("Requested", 0), (await earner.StateAsync(id), earner.Sender.Attempts));
    }
}
