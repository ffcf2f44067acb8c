using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mycelium.Infrastructure.Grid;

internal static class GridSetup
{
    public static IServiceCollection AddGrid(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GridOptions>()
            .Bind(configuration.GetSection(GridOptions.Section))
            .Validate(options => options.PageSize is >= 1 and <= 5_000, "Grid:PageSize goes from 1 to 5000.")
            .Validate(options => options.SyncInterval >= TimeSpan.FromSeconds(1), "Grid:SyncInterval starts at a second.")
            .ValidateOnStart();
        return services
            .AddSingleton<GridProxyClient>()
            .AddSingleton<GridMetrics>()
            .AddSingleton<GridSync>()
            .AddSingleton<SyncStatus>()
            .AddHostedService<GridSyncService>();
    }
}
