using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.Infrastructure.Provisioning;

internal static class ProvisioningSetup
{
    public static IServiceCollection AddProvisioning(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProvisioningOptions>()
            .Bind(configuration.GetSection(ProvisioningOptions.Section))
            .Validate(options => options.MachinesAtOnce is >= 1 and <= 64, "Provisioning:MachinesAtOnce goes from 1 to 64.")
            .Validate(options => options.Interval >= TimeSpan.FromMilliseconds(100), "Provisioning:Interval starts at 100 ms.")
            .Validate(
                options => options.RequestTimeout > TimeSpan.Zero && options.Lease >= options.RequestTimeout * 3,
                "Provisioning:Lease is at least three times Provisioning:RequestTimeout: a replica that works on a machine sends up to two requests.")
            .ValidateOnStart();
        return services
            .AddSingleton(provider => Provisioners.Read(configuration, allowsHttp: provider.GetService<IHostEnvironment>()?.IsDevelopment() ?? false))
            .AddSingleton<ProvisionerClients>()
            .AddSingleton<ProvisioningMetrics>()
            .AddSingleton<MachineSeal>()
            .AddSingleton<MachineImages>()
            .AddSingleton<MachineReader>()
            .AddSingleton<ActivateRental>()
            .AddSingleton<FailRental>()
            .AddSingleton<ProvisionMachines>()
            .AddSingleton<CompareMachines>()
            .AddSingleton<RetryProvisioning>()
            .AddSingleton<RebuildRental>()
            .AddStoreService<ProvisioningJob>()
            .AddStoreService<ComparisonJob>();
    }
}
