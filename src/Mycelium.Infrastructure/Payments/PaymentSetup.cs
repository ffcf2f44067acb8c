using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Payments;

internal static class PaymentSetup
{
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(PaymentOptions.Section);
        services.AddOptions<PaymentOptions>()
            .Bind(section)
            .Validate(
                options => options.WebhookSecret.Length is 0 or >= PaymentOptions.SecretLengthMin,
                "Payments:WebhookSecret has at least 16 characters.")
            .Validate(
                options => options.CheckoutUrl.Length == 0
                    || (IsPage(options.CheckoutUrl) && options.CheckoutUrl.Contains("{account}", StringComparison.Ordinal)),
                "Payments:CheckoutUrl is the https address of a page, or one of this machine, with {account} in it.")
            .Validate(
                options => options.ApiKey.Length == 0 || IsPage(options.ReturnUrl),
                "Payments:ReturnUrl is the https address of a page, or one of this machine: the provider sends payers there.")
            .Validate(options => options.ApiBase.Length == 0 || IsPage(options.ApiBase), "Payments:ApiBase is an https address, or one of this machine.")
            .Validate(
                options => options.AmountMin > 0m && options.AmountMin <= options.AmountMax && options.AmountMax <= 1_000_000m,
                "Payments:AmountMin is more than 0 and at most AmountMax, which is at most 1000000.")
            .ValidateOnStart();
        PaymentOptions payments = section.Get<PaymentOptions>() ?? new();
        if (payments.CheckoutUrl.Length > 0)
            services.AddSingleton<ICheckout>(new PageCheckout(payments));
        else if (payments.ApiKey.Length > 0)
            services.AddSingleton<ICheckout>(provider => new StripeCheckout(payments, provider.GetRequiredService<TimeProvider>()));
        return services
            .AddSingleton(provider => provider.GetRequiredService<IOptions<PaymentOptions>>().Value.ToPolicy())
            .AddSingleton<StripeEvents>()
            .AddSingleton<RecordPayment>()
            .AddSingleton<RequestTopUp>()
            .AddSingleton<PayDebts>()
            .AddStoreService<DebtsJob>();
    }

    private static bool IsPage(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
