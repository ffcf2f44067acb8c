using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mycelium.Infrastructure.Jobs;

/// <summary>Runs in the background once the store is prepared.</summary>
public abstract class StoreService(BackgroundService service)
{
    public BackgroundService Service => service;
}

internal sealed class StoreService<T>(T service) : StoreService(service) where T : BackgroundService;

public static class StoreServices
{
    public static IServiceCollection AddStoreService<T>(this IServiceCollection services) where T : BackgroundService =>
        services.AddSingleton<T>().AddSingleton<StoreService, StoreService<T>>();
}
