using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Names;

internal static class NameSetup
{
    public static IServiceCollection AddNames(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NameOptions>()
            .Bind(configuration.GetSection(NameOptions.Section))
            .Validate(options => ExtrasOptions.IsPrice(options.PricePerHour), "Names:PricePerHour is between 0 and 1000 dollars.")
            .Validate(options => options.NamesMax >= 0, "Names:NamesMax starts at 0, which forbids names.")
            .ValidateOnStart();
        return services
            .AddSingleton<ReserveName>()
            .AddSingleton<PointName>()
            .AddSingleton<ReleaseName>()
            .AddSingleton<MeterNames>()
            .AddSingleton<KeepRoutes>()
            .AddStoreService<RoutesJob>();
    }
}
