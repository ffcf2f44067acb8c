using System.Diagnostics;
using System.Globalization;
using Mycelium.EndToEnd.Tests.Kills;
using Xunit.Abstractions;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>
/// Fifty concurrent callers at two replicas want different things of one rental or one node. There is one outcome, and the money is exact. The variable
/// MYCELIUM_SEED replaces the seed of a crowd that failed elsewhere.
/// </summary>
[Collection(FullMarketCollection.Name)]
public sealed class OneRentalTests(FullMarket market, ITestOutputHelper output) : IAsyncLifetime
{
    private const int CallerCount = 50;
    private const int RoundCount = 10;
    private Crowd crowd = null!;

    public async Task InitializeAsync() => crowd = new Crowd(market, await market.BeTwoAsync(), seed: 574);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task Fifty_callers_extend_cancel_and_renew_one_rental() => crowd.ChangePrepaidAsync(CallerCount);

    [Fact]
    public Task Fifty_callers_limit_and_cancel_one_metered_rental_while_its_hour_is_billed() => crowd.ChangeMeteredAsync(CallerCount);

    [Fact]
    public Task One_of_fifty_callers_gets_a_node_whole_and_fifty_callers_place_no_more_machines_than_it_has_slices() => crowd.ShareNodeAsync(CallerCount);

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Crowds_of_two_hundred_again_and_again(int seed)
    {
        if (Environment.GetEnvironmentVariable("MYCELIUM_SEED") is { } given)
            seed = int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        crowd = new Crowd(market, await market.BeTwoAsync(), seed);
        var elapsed = Stopwatch.StartNew();
        for (int round = 0; round < RoundCount; round++)
        {
            await crowd.ChangePrepaidAsync(4 * CallerCount);
            await crowd.ChangeMeteredAsync(4 * CallerCount);
            await crowd.ShareNodeAsync(4 * CallerCount);
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{RoundCount} rounds in {elapsed.Elapsed.TotalSeconds:F0} s: {string.Join(", ", crowd.Terms)}, {crowd.RepeatCount} repeated"));
    }
}
