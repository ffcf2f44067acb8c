using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>A replica dies while it takes in an event of the payment provider, which sends the event again.</summary>
[Collection(FullMarketCollection.Name)]
public sealed class DepositKillTests(FullMarket market) : IAsyncLifetime
{
    private readonly HttpClient provider = new();

    [Fact]
    public async Task A_payment_is_deposited_and_taken_back_once_whenever_a_replica_dies_and_in_whatever_order_events_come_again()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string account = await AccountAsync(renter);
        var payment = new PaymentEvents(account, cents: 2_500);
        string paid = payment.Succeeded(), completed = payment.Completed(), refunded = payment.Refunded(cents: 1_000);

        // The refund comes first, and the replica dies inside the transaction: nothing has happened.
        Held held = await Held.StatementsAsync(market.Database, "INSERT", "payments");
        await market.KillAtAsync(held, SendAsync(refunded));
        await market.StartAsync();
        Assert.Equal(0, await PaymentCountAsync(payment));

        // The replica dies between the commit and the answer: the money is there.
        held = await Held.CommitsAsync(market.Database, "UPDATE", "payments", "NEW.deposited > 0");
        await market.KillAtAsync(held, SendAsync(paid));
        await market.StartAsync();
        await AssertTakenAsync(paid);
        Assert.Equal(1_025m, (await renter.At(market.Replica).WalletAsync()).Balance);

        // Inside the transaction that takes the refund back, and once more after its commit.
        held = await Held.StatementsAsync(market.Database, "INSERT", "ledger_entries", "NEW.kind = 'PaymentTakenBack'");
        await market.KillAtAsync(held, SendAsync(refunded));
        held = await Held.CommitsAsync(market.Database, "UPDATE", "payments", "NEW.taken_back > 0");
        await market.StartAsync();
        await market.KillAtAsync(held, SendAsync(refunded));
        await market.StartAsync();

        foreach (string signed in new[] { completed, paid, refunded, refunded, completed, paid })
            await AssertTakenAsync(signed);

        (decimal balance, ILookup<string, decimal> entries) = await renter.At(market.Replica).WalletAsync();
        Assert.Equal(1_015m, balance);
        Assert.Equal([25m], entries["PAYMENT_RECEIVED"]);
        Assert.Equal([-10m], entries["PAYMENT_TAKEN_BACK"]);
        await market.CheckAsync();
    }

    public Task InitializeAsync() => market.BeReadyAsync();

    public Task DisposeAsync()
    {
        provider.Dispose();
        return Task.CompletedTask;
    }

    private async Task<string> AccountAsync(Renter renter) =>
        Books.Uuid((await renter.At(market.Replica).Data("{ me { id } }")).GetProperty("me").GetProperty("id").GetString()!).ToString();

    private Task<long> PaymentCountAsync(PaymentEvents payment) =>
        market.ScalarAsync<long>("SELECT count(*) FROM payments WHERE provider_id = $1", payment.Id);

    private async Task AssertTakenAsync(string signed) => Assert.Equal(HttpStatusCode.OK, await SendAsync(signed));

    private Task<HttpStatusCode> SendAsync(string json) => PaymentEvents.SendAsync(provider, market.Replica, json);
}

/// <summary>The events of one payment, as Stripe signs and sends them.</summary>
internal sealed class PaymentEvents(string account, int cents)
{
    public string Id { get; } = $"pi_{Guid.NewGuid():N}";

    public string Succeeded() => Event("payment_intent.succeeded", new JsonObject
    {
        ["id"] = Id,
        ["object"] = "payment_intent",
        ["amount"] = cents,
        ["amount_received"] = cents,
        ["currency"] = "usd",
        ["status"] = "succeeded",
        ["metadata"] = new JsonObject { ["account_id"] = account },
    });

    /// <summary>Says the same.</summary>
    public string Completed() => Event("checkout.session.completed", new JsonObject
    {
        ["id"] = $"cs_{Id[3..]}",
        ["object"] = "checkout.session",
        ["mode"] = "payment",
        ["payment_status"] = "paid",
        ["payment_intent"] = Id,
        ["amount_total"] = cents,
        ["currency"] = "usd",
        ["client_reference_id"] = account,
        ["metadata"] = new JsonObject { ["account_id"] = account },
    });

    /// <param name="cents">In all.</param>
    public string Refunded(int cents) => Event("charge.refunded", new JsonObject
    {
        ["id"] = $"ch_{Id[3..]}",
        ["object"] = "charge",
        ["payment_intent"] = Id,
        ["amount_refunded"] = cents,
        ["currency"] = "usd",
        ["metadata"] = new JsonObject { ["account_id"] = account },
    });

    public static async Task<HttpStatusCode> SendAsync(HttpClient provider, Uri replica, string json)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string signed = string.Create(CultureInfo.InvariantCulture, $"{now}.{json}");
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(FullMarket.PaymentSecret), Encoding.UTF8.GetBytes(signed));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(replica, "payments/stripe"))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", string.Create(CultureInfo.InvariantCulture, $"t={now},v1={Convert.ToHexStringLower(signature)}"));
        using HttpResponseMessage answer = await provider.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Event(string type, JsonObject about) => new JsonObject
    {
        ["id"] = $"evt_{Guid.NewGuid():N}",
        ["object"] = "event",
        ["api_version"] = "2025-09-30.clover",
        ["created"] = 0,
        ["livemode"] = false,
        ["pending_webhooks"] = 1,
        ["type"] = type,
        ["data"] = new JsonObject { ["object"] = about },
    }.ToJsonString();
}
