using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Accounts;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.GraphQL.Demo;

public static class DemoSetup
{
    public static void AddDemo(this IServiceCollection services)
    {
        services.AddSingleton<DemoMarket>();
        services.AddHostedService<DemoService>();
    }
}

/// <summary>Development only: demo accounts at start, and a market of the demo farmer's once the grid has been read.</summary>
public sealed partial class DemoService(IServiceProvider services, DemoMarket market, SyncStatus sync, TimeProvider clock, ILogger<DemoService> logger) : BackgroundService
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            AccountId farmer = await DemoAccounts.CreateAsync(services, stoppingToken);
            while ((await sync.ReadAsync(stoppingToken)).LastCompletedAt is null)
                await Task.Delay(lookAgain, clock, stoppingToken);
            LogOpened(await market.OpenAsync(farmer, stoppingToken));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo farmer offers {Count} nodes more.")]
    private partial void LogOpened(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The demo data could not be made.")]
    private partial void LogFailed(Exception exception);
}
