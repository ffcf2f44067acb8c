using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Payments;

[Collection(ApiCollection.Name)]
public sealed class TopUpRequestTests(ApiHost host)
{
    private const string Query = """
        query($amount: UsdAmount!) {
          topUpRequest(amount: $amount) {
            __typename ... on TopUpRequested { address amount } ... on AmountOutOfRange { min max } ... on PaymentsUnavailable { isRetryable }
            ... on Problem { code message }
          }
        }
        """;

    public static async Task<JsonElement> RequestAsync(Api account, decimal amount) =>
        (await account.DataAsync(Query, new { amount })).GetProperty("topUpRequest");

    [Theory]
    [InlineData("0.999999", "AmountOutOfRange")]
    [InlineData("10000.01", "AmountOutOfRange")]
    [InlineData("5.001", "AmountNotInCents")]
    public async Task An_amount_that_no_provider_takes_is_refused(string amount, string refusal) =>
        Refusal.AssertIs(refusal, await RequestAsync(host.Farmer, decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Fact]
    public async Task Without_a_provider_it_says_so()
    {
        JsonElement answer = await RequestAsync(host.Farmer, 5);

        Refusal.AssertIs("PaymentsUnavailable", answer);
        Assert.False(answer.GetProperty("isRetryable").GetBoolean());
    }

    [Fact]
    public async Task Only_an_account_can_ask() => Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync(Query, new { amount = 5 }));

    [Fact]
    public async Task The_providers_own_checkout_is_for_the_account_and_exactly_the_amount()
    {
        await using Paying paying = await Paying.StartAsync(host, provider =>
        [
            ("Payments:ApiKey", "sk_test_of_the_tests"), ("Payments:ApiBase", $"{provider}payments"), ("Payments:ReturnUrl", "https://market.example.org/paid"),
        ]);
        Api renter = paying.As(await host.RenterAsync(dollars: 0));

        JsonElement request = await RequestAsync(renter, 12.34m);
        await paying.PayAsync(request.GetProperty("address").GetString()!);

        Assert.Equal("12.340000", request.GetProperty("amount").GetString());
        Assert.Equal(12.34m, await renter.BalanceAsync());
    }

    [Theory]
    [InlineData("payments", "not-a-key")] // Refused.
    [InlineData("nowhere", "sk_test_of_the_tests")]
    public async Task A_provider_that_opens_no_checkout_is_a_refusal_that_may_be_tried_again(string path, string key)
    {
        await using Paying paying = await Paying.StartAsync(host, provider =>
            [("Payments:ApiKey", key), ("Payments:ApiBase", $"{provider}{path}"), ("Payments:ReturnUrl", "https://market.example.org/paid")]);

        JsonElement answer = await RequestAsync(paying.As(host.Farmer), 5);

        Refusal.AssertIs("PaymentsUnavailable", answer);
        Assert.True(answer.GetProperty("isRetryable").GetBoolean());
    }
}
