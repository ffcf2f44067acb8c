using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Ends rentals whose term is over. Those that are due stay due until a run ends them.</summary>
public sealed class ExpiryJob(ExpireRentals expire, IOptions<AllocationOptions> options, JobRuns runs, TimeProvider clock, ILogger<ExpiryJob> logger)
    : PeriodicJob("expire_rentals", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.ExpiryPeriod;

    protected override Task RunAsync(CancellationToken cancellation) => expire.Execute(cancellation);
}
