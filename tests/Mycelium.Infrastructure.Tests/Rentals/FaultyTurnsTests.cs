using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>RedLock.net extends a lock for as long as the process lives, so a turn that the desk forgets would block its node for ever.</summary>
public sealed class FaultyTurnsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly KeyValuePair<string, string?>[] oneRoundAtATime = [new("Allocation:RoundsAtOnce", "1")];

    [Fact]
    public async Task A_round_is_served_although_the_round_before_failed_to_release_its_turns()
    {
        var turns = new FaultyTurns { FailsToRelease = true };
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns), oneRoundAtATime);
        NodeId[] nodes = [await market.PublishAsync(id: 1), await market.PublishAsync(id: 2), await market.PublishAsync(id: 3)];
        AccountId[] renters = await market.AccountsAsync(3, "100");

        Task<IRentSlicesResult> first = market.RentAsync(market.Request(renters[0], nodes[0]));
        await turns.RequestedAsync();
        Task<IRentSlicesResult>[] next = [market.RentAsync(market.Request(renters[1], nodes[1])), market.RentAsync(market.Request(renters[2], nodes[2]))];
        turns.Open();

        Assert.IsType<SlicesRented>(await first);
        Assert.All(await Task.WhenAll(next).WaitAsync(Deadline), answer => Assert.IsType<SlicesRented>(answer));
        await Eventually.HoldsAsync(() => turns.HeldCount == 0, "every turn is released");
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_round_that_fails_releases_its_turns_and_answers_every_caller()
    {
        var turns = new FaultyTurns { TurnsMax = 1 };
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns), oneRoundAtATime);
        NodeId[] nodes = [await market.PublishAsync(id: 1), await market.PublishAsync(id: 2), await market.PublishAsync(id: 3)];
        AccountId[] renters = await market.AccountsAsync(3, "100");

        Task<IRentSlicesResult> first = market.RentAsync(market.Request(renters[0], nodes[0]));
        await turns.RequestedAsync();
        Task<IRentSlicesResult>[] next = [market.RentAsync(market.Request(renters[1], nodes[1])), market.RentAsync(market.Request(renters[2], nodes[2]))];
        turns.Open();

        Assert.IsType<SlicesRented>(await first);
        foreach (Task<IRentSlicesResult> answer in next)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => answer.WaitAsync(Deadline));
        await Eventually.HoldsAsync(() => turns.HeldCount == 0, "every turn is released");
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renters[1], nodes[1])));
    }
}
