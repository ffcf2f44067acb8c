using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Accounts;
using Mycelium.Infrastructure.Demo;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.GraphQL.Demo;

public static class DemoSetup
{
    public static void AddDemo(this IServiceCollection services)
    {
        services.AddSingleton<OpenDemoMarket>();
        services.AddStoreService<DemoService>();
    }
}

/// <summary>Development only: creates demo accounts at start, and offers the demo farmer's nodes of each grid as soon as it has been read.</summary>
public sealed partial class DemoService(
    IServiceProvider services, OpenDemoMarket openMarket, SyncStatus sync, GridAddresses addresses, TimeProvider clock, ILogger<DemoService> logger)
    : BackgroundService
{
    private static readonly TimeSpan retryDelay = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<string> unread = [.. addresses.All.Select(address => address.Name)];
        string? lastMessage = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await OpenAsync(unread, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (lastMessage != exception.Message) // Another replica may be doing the same; the next attempt finds what it has done.
                    LogFailed(exception);
                lastMessage = exception.Message;
            }
            catch (OperationCanceledException)
            {
                return; // The host is stopping.
            }
            await Task.Delay(retryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OpenAsync(HashSet<string> unread, CancellationToken stopping)
    {
        AccountId farmer = await DemoAccounts.CreateAsync(services, stopping);
        while (unread.Count > 0)
        {
            foreach (SyncState read in (await sync.ReadAsync(stopping)).Where(grid => grid.LastCompletedAt is not null && unread.Contains(grid.Grid)))
            {
                LogOpened(await openMarket.Execute(farmer, read.Grid, stopping), read.Grid);
                unread.Remove(read.Grid);
            }
            await Task.Delay(retryDelay, clock, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The demo farmer offers {Count} more nodes of grid {Grid}.")]
    private partial void LogOpened(int count, string grid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo data could not be created; retrying.")]
    private partial void LogFailed(Exception exception);
}
