using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Payments;

/// <summary>Where money is asked for and sent to is encrypted, or on this machine.</summary>
public sealed class PaymentSettingsTests
{
    [Theory]
    [InlineData("Payments:CheckoutUrl", "http://127.0.0.1:5200/pay?account={account}", true)]
    [InlineData("Payments:CheckoutUrl", "https://pay.example/{account}", true)]
    [InlineData("Payments:CheckoutUrl", "https://pay.example/", false)]
    [InlineData("Payments:CheckoutUrl", "http://pay.example/{account}", false)]
    [InlineData("Payments:ReturnUrl", "http://market.example/paid", false)]
    [InlineData("Payments:ReturnUrl", "paid", false)]
    [InlineData("Payments:ApiBase", "http://stripe.example", false)]
    [InlineData("Payments:ApiBase", "http://localhost:5200/payments", true)]
    [InlineData("Payouts:BaseUrl", "http://payouts.example", false)]
    [InlineData("Payouts:BaseUrl", "https://payouts.example", true)]
    public async Task An_address_of_money_is_https_or_of_this_machine(string setting, string value, bool isFine)
    {
        await using var replica = new Replica("Host=nowhere", settings:
        [
            new("Payments:ApiKey", setting == "Payments:ReturnUrl" ? "sk_of_the_tests" : ""),
            new("Payouts:Secret", "a-secret-of-the-tests-32-characters-long"),
            new(setting, value),
        ]);

        Exception? refusal = Record.Exception(() => setting.StartsWith("Payouts", StringComparison.Ordinal)
            ? (object)replica.Get<IOptions<PayoutOptions>>().Value
            : replica.Get<IOptions<PaymentOptions>>().Value);

        Assert.Equal(isFine, refusal is null);
        Assert.True(isFine || refusal is OptionsValidationException);
    }
}
