using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Payments;

[Collection(ApiCollection.Name)]
public sealed class StripeWebhookTests(ApiHost host)
{
    private static string Sign(string json, string secret = Paying.Secret)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string text = string.Create(CultureInfo.InvariantCulture, $"{now}.{json}");
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
        return string.Create(CultureInfo.InvariantCulture, $"t={now},v1={Convert.ToHexStringLower(hash)}");
    }

    private static async Task<(HttpStatusCode Status, string? Code)> PostAsync(Uri replica, string json, string signature)
    {
        using var http = new HttpClient { BaseAddress = replica };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/payments/stripe", UriKind.Relative)) { Content = new StringContent(json) };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        using HttpResponseMessage answer = await http.SendAsync(request);
        string body = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, body.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(body).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_new_account_asks_where_to_pay_pays_there_and_rents_from_what_arrived()
    {
        await using Paying paying = await Paying.StartAsync(host);
        Api renter = paying.As(await host.RenterAsync(dollars: 0));

        JsonElement request = await TopUpRequestTests.RequestAsync(renter, 25.5m);
        string payment = await paying.PayAsync(request.GetProperty("address").GetString()!, repeat: 2);

        Assert.Equal(25.5m, await renter.BalanceAsync());
        await paying.ActAsync(payment, "refund", 550, repeat: 2);
        Assert.Equal(20m, await renter.BalanceAsync());
        await paying.ActAsync(payment, "dispute", 2_000);
        Assert.Equal(0m, await renter.BalanceAsync());
        await paying.ActAsync(payment, "dispute-won", 2_000);
        Assert.Equal(20m, await renter.BalanceAsync());
        JsonElement entries = (await renter.DataAsync("{ me { wallet { entries { nodes { kind message } } } } }"))
            .GetProperty("me").GetProperty("wallet").GetProperty("entries").GetProperty("nodes");
        Assert.Equal(
            ["PAYMENT_REINSTATED", "PAYMENT_TAKEN_BACK", "PAYMENT_TAKEN_BACK", "PAYMENT_RECEIVED"],
            entries.EnumerateArray().Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(
            ["REFUNDED", "DEPOSITED"],
            (await renter.DataAsync("{ notifications { nodes { kind } } }")).GetProperty("notifications").GetProperty("nodes")
                .EnumerateArray().Select(told => told.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task What_is_not_signed_by_the_provider_is_refused_and_what_is_signed_is_taken_in()
    {
        await using Paying paying = await Paying.StartAsync(host);
        const string Event = """{"id":"evt_webhook","object":"event","type":"customer.created","data":{"object":{"id":"cus_1","object":"customer"}}}""";

        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), await PostAsync(paying.Replica.Address, Event, ""));
        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), await PostAsync(paying.Replica.Address, Event, Sign(Event, "whsec_of_somebody_else_1234")));
        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), await PostAsync(paying.Replica.Address, "{", Sign("{")));
        Assert.Equal((HttpStatusCode.OK, null), await PostAsync(paying.Replica.Address, Event, Sign(Event)));
        Assert.Equal((HttpStatusCode.OK, null), await PostAsync(paying.Replica.Address, Event, Sign(Event)));
        string large = new(' ', Limits.PaymentEventBytesMax + 1);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "LIMIT_EXCEEDED"), await PostAsync(paying.Replica.Address, large, Sign(large)));
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_such_path()
    {
        using HttpResponseMessage answer = await host.Anyone.PostAsync("/payments/stripe", new { });

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
