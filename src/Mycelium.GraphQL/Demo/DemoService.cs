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

/// <summary>Development only: demo accounts at start, and a market of the demo farmer's nodes on each grid, as soon as that has been read.</summary>
public sealed partial class DemoService(
    IServiceProvider services, DemoMarket market, SyncStatus sync, GridAddresses addresses, TimeProvider clock, ILogger<DemoService> logger) : BackgroundService
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            AccountId farmer = await DemoAccounts.CreateAsync(services, stoppingToken);
            HashSet<string> unread = [.. addresses.All.Select(address => address.Name)];
            while (unread.Count > 0)
            {
                foreach (SyncState read in (await sync.ReadAsync(stoppingToken)).Where(grid => grid.LastCompletedAt is not null && unread.Remove(grid.Grid)))
                    LogOpened(await market.OpenAsync(farmer, read.Grid, stoppingToken), read.Grid);
                await Task.Delay(lookAgain, clock, stoppingToken);
            }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo farmer offers {Count} more nodes of grid {Grid}.")]
    private partial void LogOpened(int count, string grid);

    [LoggerMessage(Level = LogLevel.Error, Message = "The demo data could not be made.")]
    private partial void LogFailed(Exception exception);
}
