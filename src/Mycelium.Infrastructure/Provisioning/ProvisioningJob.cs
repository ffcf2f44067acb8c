using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Works on machines that are due.</summary>
public sealed class ProvisioningJob(
    ProvisionMachines provision, IOptions<ProvisioningOptions> options, JobRuns runs, TimeProvider clock, ILogger<ProvisioningJob> logger)
    : PeriodicJob("provision_machines", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    protected override bool RunsAtStart => true;

    protected override Task RunAsync(CancellationToken cancellation) => provision.Execute(cancellation);
}

/// <summary>Compares machines with rentals, each grid once an interval, whichever replica does it.</summary>
public sealed class ComparisonJob(
    CompareMachines compare, IOptions<ProvisioningOptions> options, JobRuns runs, TimeProvider clock, ILogger<ComparisonJob> logger)
    : PeriodicJob("compare_machines", runs, clock, logger)
{
    /// <summary>How often a replica looks whether a comparison is due; a replica that has just started does not wait for a day.</summary>
    private static readonly TimeSpan lookMax = TimeSpan.FromMinutes(5);

    protected override TimeSpan Interval => options.Value.CompareInterval < lookMax ? options.Value.CompareInterval : lookMax;

    protected override Task RunAsync(CancellationToken cancellation) => compare.Execute(cancellation);
}
