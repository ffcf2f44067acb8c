using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Looks for rentals whose term is over, every so often, on every replica.</summary>
public sealed partial class ExpiryService(ExpireRentals expire, IOptions<AllocationOptions> options, TimeProvider clock, ILogger<ExpiryService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ExpiryPeriod, clock);
        while (await NextAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await expire.Execute(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure); // Rentals that are due stay due: the next pass ends them.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rentals that are due could not be ended; the next pass tries again")]
    private partial void LogFailed(Exception failure);
}
