using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Payments;

namespace Mycelium.Infrastructure.Tests.Payments;

public sealed class StripeEventsTests
{
    private const string Secret = "whsec_of_the_tests_0123456789";
    private static readonly DateTimeOffset now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccountId account = new(new Guid("6f1b2c3d-0000-4000-8000-000000000001"));

    private static readonly StripeEvents events =
        new(Options.Create(new PaymentOptions { WebhookSecret = Secret }), new StandingClock(now));

    private static string Json(string type, string about) =>
        $$"""{"id":"evt_1","object":"event","api_version":"2020-08-27","created":1,"livemode":false,"type":"{{type}}","data":{"object":{{about}} } }""";

    private static string Sign(string json, string secret = Secret, double secondsAgo = 0)
    {
        long timestamp = now.AddSeconds(-secondsAgo).ToUnixTimeSeconds();
        string text = string.Create(CultureInfo.InvariantCulture, $"{timestamp}.{json}");
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
        return string.Create(CultureInfo.InvariantCulture, $"t={timestamp},v1={Convert.ToHexStringLower(hash)}");
    }

    private static PaymentEvent Read(string type, string about)
    {
        string json = Json(type, about);
        Assert.True(events.TryRead(json, Sign(json), out PaymentEvent? read));
        Assert.Equal(("evt_1", type), (read.Id, read.Type));
        return read;
    }

    [Fact]
    public void Only_what_is_signed_with_the_secret_and_lately_is_read()
    {
        string json = Json("customer.created", """{"id":"cus_1","object":"customer"}""");

        Assert.True(events.TryRead(json, Sign(json, secondsAgo: 299), out _));
        string own = Sign(json)[Sign(json).IndexOf("v1=", StringComparison.Ordinal)..];
        Assert.True(events.TryRead(json, $"{Sign(json, "whsec_the_one_before_12345")},{own}", out _));
        Assert.False(events.TryRead(json, Sign(json, secondsAgo: 301), out _));
        Assert.False(events.TryRead(json, Sign(json, "whsec_of_somebody_else_1234"), out _));
        Assert.False(events.TryRead(json + " ", Sign(json), out _));
        Assert.False(events.TryRead(json, Sign(json).Replace("v1", "v0", StringComparison.Ordinal), out _));
        Assert.All((string[])["", "t=,v1=", "nonsense", "t=99999999999999999999,v1=00"], header => Assert.False(events.TryRead(json, header, out _)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id":"evt_1"}""")]
    public void Signed_text_that_is_no_event_is_not_read(string json) => Assert.False(events.TryRead(json, Sign(json), out _));

    [Theory]
    [InlineData("checkout.session.completed")]
    [InlineData("checkout.session.async_payment_succeeded")]
    public void A_checkout_that_is_paid_names_its_payment_and_account(string type)
    {
        string Session(string status, string more) => $$"""
            {"id":"cs_1","object":"checkout.session","payment_status":"{{status}}","payment_intent":"pi_1","amount_total":1234,"currency":"usd"{{more}} }
            """;

        var paid = new PaymentNews("pi_1", account, Received: MicroUsd.Parse("12.34"));
        Assert.Equal(paid, Read(type, Session("paid", $$""","metadata":{"account_id":"{{account}}"}""")).News);
        Assert.Equal(paid, Read(type, Session("paid", $$""","client_reference_id":"{{account}}" """)).News);
        Assert.Equal(paid with { AccountId = null }, Read(type, Session("paid", ""","client_reference_id":"somebody" """)).News);
        Assert.Null(Read(type, Session("unpaid", "")).News);
    }

    [Fact]
    public void A_payment_and_a_refund_say_their_totals()
    {
        Assert.Equal(
            new PaymentNews("pi_1", account, Received: MicroUsd.Parse("5")),
            Read("payment_intent.succeeded",
                $$"""
                {"id":"pi_1","object":"payment_intent","amount":600,"amount_received":500,"currency":"usd","metadata":{"account_id":"{{account}}"} }
                """).News);
        Assert.Equal(
            new PaymentNews("pi_1", null, Refunded: MicroUsd.Parse("0.01")),
            Read("charge.refunded", """{"id":"ch_1","object":"charge","payment_intent":"pi_1","amount":500,"amount_refunded":1,"currency":"usd"}""").News);
    }

    [Theory]
    [InlineData("charge.dispute.created", "warning_needs_response", DisputeStage.Inquiry)]
    [InlineData("charge.dispute.created", "needs_response", DisputeStage.Withdrawn)]
    [InlineData("charge.dispute.updated", "under_review", DisputeStage.Withdrawn)]
    [InlineData("charge.dispute.funds_withdrawn", "needs_response", DisputeStage.Withdrawn)]
    [InlineData("charge.dispute.closed", "lost", DisputeStage.Withdrawn)]
    [InlineData("charge.dispute.closed", "won", DisputeStage.Reinstated)]
    [InlineData("charge.dispute.closed", "warning_closed", DisputeStage.Inquiry)]
    [InlineData("charge.dispute.funds_reinstated", "won", DisputeStage.Reinstated)]
    public void A_dispute_says_how_far_it_is(string type, string status, DisputeStage stage) => Assert.Equal(
        new PaymentNews("pi_1", Dispute: new PaymentDispute("dp_1", MicroUsd.Parse("5"), stage)),
        Read(type, $$"""{"id":"dp_1","object":"dispute","payment_intent":"pi_1","amount":500,"currency":"usd","status":"{{status}}"}""").News);

    [Theory]
    [InlineData("""{"id":"pi_1","object":"payment_intent","amount_received":500,"currency":"eur"}""", "US dollars")]
    [InlineData("""{"id":"pi_1","object":"payment_intent","amount_received":-1,"currency":"usd"}""", "range")]
    [InlineData("""{"id":"pi_1","object":"payment_intent","amount_received":9000000000000,"currency":"usd"}""", "range")]
    [InlineData("""{"object":"payment_intent","amount_received":500,"currency":"usd"}""", "names no payment")]
    public void What_cannot_move_money_here_says_why(string about, string flaw)
    {
        PaymentEvent read = Read("payment_intent.succeeded", about);

        Assert.Null(read.News);
        Assert.Contains(flaw, read.Flaw, StringComparison.Ordinal);
    }

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
