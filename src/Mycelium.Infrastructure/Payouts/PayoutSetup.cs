using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.Infrastructure.Payouts;

internal static class PayoutSetup
{
    public static IServiceCollection AddPayouts(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(PayoutOptions.Section);
        services.AddOptions<PayoutOptions>()
            .Bind(section)
            .Validate(options => !options.IsSet || IsSafe(options.BaseUrl), "Payouts:BaseUrl is an https address, or one of this machine.")
            .Validate(
                options => !options.IsSet || (options.Secret.Length >= ProvisionerKey.SecretLengthMin && ProvisionerKey.IsId(options.KeyId)),
                "Payouts:Secret has at least 32 characters, made at random, and Payouts:KeyId 1 to 64 letters, digits, dots, hyphens and underscores.")
            .Validate(options => options.AmountMin > 0m, "Payouts:AmountMin is more than 0.")
            .Validate(
                options => options.RequestTimeout > TimeSpan.Zero && options.Lease >= options.RequestTimeout * 3,
                "Payouts:Lease is at least three times Payouts:RequestTimeout: a replica that works on a withdrawal sends up to two requests.")
            .ValidateOnStart();
        if ((section.Get<PayoutOptions>() ?? new()).IsSet)
            services.AddStoreService<PayoutJob>();
        return services
            .AddSingleton<WithdrawFunds>()
            .AddSingleton<DecideWithdrawal>()
            .AddSingleton<WithdrawableReader>()
            .AddSingleton<PayoutClient>()
            .AddSingleton<SendWithdrawals>();
    }

    private static bool IsSafe(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
