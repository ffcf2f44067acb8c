using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Grid;

internal static class GridSetup
{
    public static IServiceCollection AddGrid(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GridOptions>()
            .Bind(configuration.GetSection(GridOptions.Section))
            .Validate(options => options.PageSize is >= 1 and <= 5_000, "Grid:PageSize goes from 1 to 5000.")
            .Validate(options => options.SyncInterval >= TimeSpan.FromSeconds(1), "Grid:SyncInterval starts at a second.")
            .Validate(options => options.PassesAtOnce is >= 1 and <= 32, "Grid:PassesAtOnce goes from 1 to 32: each takes a connection.")
            .Validate(
                options => options.RequestTimeout > TimeSpan.Zero && options.RequestTimeout <= SyncLease.RequestTimeoutMax,
                "Grid:RequestTimeout goes up to 40 s: the lease on a grid, 60 s, is renewed before and after each request.")
            .ValidateOnStart();
        return services
            .AddSingleton(provider => GridAddresses.Read(configuration, allowsHttp: provider.GetService<IHostEnvironment>()?.IsDevelopment() ?? false))
            .AddSingleton<GridDirectory>()
            .AddSingleton<GridMetrics>()
            .AddSingleton<GridSyncs>()
            .AddSingleton<SyncStatus>()
            .AddSingleton<ConfirmGridShrink>()
            .AddStoreService<GridSyncService>()
            .AddStoreService<SampleRetention>();
    }

    /// <summary>Gives each configured grid that is new its number, so that it is known from the start.</summary>
    internal static async Task EnrolGridsAsync(this IServiceProvider services, CancellationToken cancellation)
    {
        GridDirectory directory = services.GetRequiredService<GridDirectory>();
        foreach (GridAddress grid in services.GetRequiredService<GridAddresses>().All)
            await directory.EnrolAsync(grid.Name, cancellation).ConfigureAwait(false);
    }
}
