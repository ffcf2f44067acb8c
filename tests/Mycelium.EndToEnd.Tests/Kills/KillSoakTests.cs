using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Mycelium.Testing;
using Xunit.Abstractions;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>
/// Everything at once, and a replica that dies at any moment: payments, withdrawals, machines, renewals and hours. Leases of the dead run out by themselves.
/// The variable MYCELIUM_SEED replaces the seed of a run that failed elsewhere.
/// </summary>
[Collection(FullMarketCollection.Name)]
public sealed class KillSoakTests(FullMarket market, ITestOutputHelper output) : IAsyncLifetime
{
    private const int KillCount = 25;
    private static readonly TimeSpan killWithin = TimeSpan.FromMilliseconds(1_500);
    private readonly HttpClient provider = new();
    private readonly Dictionary<string, int> answers = [];
    private Random random = null!;
    private string[] combinations = [];

    public Task InitializeAsync() => market.BeReadyAsync();

    public Task DisposeAsync()
    {
        provider.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [Trait("Category", "Soak")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whenever_a_replica_dies_each_thing_happens_once(int seed)
    {
        if (Environment.GetEnvironmentVariable("MYCELIUM_SEED") is { } given)
            seed = int.Parse(given, CultureInfo.InvariantCulture);
        random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var elapsed = Stopwatch.StartNew();
        combinations = [await market.NextCombinationAsync(), await market.NextCombinationAsync()];
        for (int kill = 1; kill <= KillCount; kill++)
        {
            try
            {
                await RunAsync();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}, kill {kill}: {failure.Message}", failure);
            }
        }
        string counted = string.Join(", ", answers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{KillCount} kills in {elapsed.Elapsed.TotalSeconds:F0} s: {counted}"));
    }

    /// <summary>Begins everything, kills the replica, and looks at what became of it when all is quiet.</summary>
    private async Task RunAsync()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string account = Books.Uuid((await renter.At(market.Replica).Data("{ me { id } }")).GetProperty("me").GetProperty("id").GetString()!).ToString();
        int cents = random.Next(100, 5_000), refunded = random.Next(0, cents + 1);
        Task[] all =
        [
            PayAsync(new PaymentEvents(account, cents), refunded), WithdrawAsync(),
            LiveAsync(renter, "PREPAID"), LiveAsync(renter, "PREPAID"), LiveAsync(renter, "METERED"),
            market.PassAsync(TimeSpan.FromMinutes(random.Next(0, 32))),
        ];
        await Task.Delay(killWithin * random.NextDouble());
        market.Kill();
        if (random.Next(3) == 0)
            await market.RestartSenderAsync(random.Next(2) == 0 ? "paid" : "failed");
        await market.StartAsync(isPatient: true);
        await Task.WhenAll(all);
        await QuietAsync();

        decimal deposited = 1_000 + (cents - refunded) / 100m;
        await renter.At(market.Replica).RentalsAddUpAsync(deposited);
        await AgreeAsync();
        foreach (string rentalId in await renter.ActiveRentalsAsync(market.Replica))
            await SendAsync(renter, "cancelRental", new { rentalId, idempotencyKey = Guid.NewGuid().ToString() });
        await QuietAsync();
        await renter.At(market.Replica).RentalsAddUpAsync(deposited);
        await AgreeAsync();
    }

    /// <summary>The books are right, and the payout sender and the provisioner have what we have.</summary>
    private async Task AgreeAsync()
    {
        await market.CheckAsync();
        Assert.Equal(
            await market.ScalarAsync<string>(
                """
                SELECT coalesce(string_agg(id || ' ' || amount || ' ' || CASE state WHEN 'Settled' THEN 'paid' ELSE lower(state) END, ',' ORDER BY id), '')
                FROM withdrawals
                """),
            Joined(market.PaidOut().Select(payout => $"{payout.Id} {payout.AmountMicroUsd} {payout.State}")));
        Assert.Equal(
            await market.ScalarAsync<string>(
                "SELECT coalesce(string_agg(rental_id || ' ' || version, ',' ORDER BY rental_id), '') FROM machines WHERE state <> 'Gone'"),
            Joined((await market.MachinesAsync()).Select(machine => $"{machine.Rental} {machine.Version}")));
    }

    private static string Joined(IEnumerable<string> lines) => string.Join(",", lines.Order(StringComparer.Ordinal));

    /// <summary>Sends the events in any order, some of them twice.</summary>
    private async Task PayAsync(PaymentEvents payment, int refunded)
    {
        string[] events = [payment.Succeeded(), payment.Completed(), payment.Refunded(refunded)];
        string[] sent = [.. events, events[random.Next(3)], events[random.Next(3)]];
        random.Shuffle(sent);
        foreach (string signed in sent)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        return await PaymentEvents.SendAsync(provider, market.Replica, signed) == HttpStatusCode.OK;
                    }
                    catch (HttpRequestException)
                    {
                        return false;
                    }
                },
                "an event is taken", TimeSpan.FromSeconds(60));
            Count("events");
        }
    }

    private async Task WithdrawAsync()
    {
        JsonElement requested = await SendAsync(market.Farmer, "withdrawFunds", new { amount = "1", idempotencyKey = Guid.NewGuid().ToString() });
        if (requested.Type() == "WithdrawalRequested")
            await SendAsync(market.Operator, "approveWithdrawal", new { withdrawalId = requested.GetProperty("withdrawal").GetProperty("id").GetString() });
    }

    /// <summary>The life of a rental, as far as it gets.</summary>
    private async Task LiveAsync(Renter renter, string billing)
    {
        bool isCancelled = random.Next(2) == 0, isRebuilt = random.Next(2) == 0;
        JsonElement rented = await SendAsync(renter, "rentSlices", new
        {
            sliceCombinationId = combinations[random.Next(combinations.Length)],
            billing,
            term = billing == "METERED" ? null : new { hours = 1 },
            sshPublicKey = Renter.SshKey,
            idempotencyKey = Guid.NewGuid().ToString(),
        });
        if (rented.Type() != "SlicesRented")
            return;
        string rentalId = rented.GetProperty("rental").GetProperty("id").GetString()!;
        await SendAsync(renter, "setAutoRenew", new { rentalId, maxPricePerHour = "1" });
        if (isRebuilt)
            await SendAsync(renter, "rebuildRental", new { rentalId, sshPublicKey = Renter.SshKey, idempotencyKey = Guid.NewGuid().ToString() });
        if (isCancelled)
            await SendAsync(renter, "cancelRental", new { rentalId, idempotencyKey = Guid.NewGuid().ToString() });
    }

    private async Task<JsonElement> SendAsync(Renter renter, string act, object input)
    {
        JsonElement answer = await new Mutation(act, input, mayDie: true).SendAsync(renter, () => market.Replica);
        Count(answer.Type());
        return answer;
    }

    private void Count(string what)
    {
        lock (answers)
            answers[what] = answers.GetValueOrDefault(what) + 1;
    }

    /// <summary>Nothing is on its way. Rentals of earlier kills end or go on, as they would.</summary>
    private Task QuietAsync() => Eventually.HoldsAsync(
        async () => await market.ScalarAsync<bool>(
            """
            SELECT NOT EXISTS (SELECT FROM withdrawals WHERE ended_at IS NULL) AND NOT EXISTS (SELECT FROM rentals WHERE status = 'Provisioning')
               AND NOT EXISTS (SELECT FROM machines WHERE state IN ('Creating', 'Deleting'))
               AND NOT EXISTS (SELECT FROM rentals WHERE status = 'Active' AND least(ends_at, renews_at) <= market_now())
            """),
        "all is quiet", TimeSpan.FromSeconds(60));
}
