using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Renews rentals.</summary>
public sealed class RenewalJob(RenewRentals renew, IOptions<AllocationOptions> options, JobRuns runs, TimeProvider clock, ILogger<RenewalJob> logger)
    : PeriodicJob("renew_rentals", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.BillingPeriod;

    protected override Task RunAsync(CancellationToken cancellation) => renew.Execute(cancellation);
}

/// <summary>Ends holds whose time is over, and forgets old ones.</summary>
public sealed class HoldsJob(ReleaseHolds holds, IOptions<AllocationOptions> options, JobRuns runs, TimeProvider clock, ILogger<HoldsJob> logger)
    : PeriodicJob("release_holds", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.ExpiryPeriod;

    protected override async Task RunAsync(CancellationToken cancellation)
    {
        await holds.Execute(cancellation).ConfigureAwait(false);
        await holds.Prune(cancellation).ConfigureAwait(false);
    }
}
