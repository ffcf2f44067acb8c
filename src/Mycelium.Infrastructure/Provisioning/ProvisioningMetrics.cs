using System.Diagnostics.Metrics;
using Mycelium.Domain.Provisioning;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>What is reported to monitoring about machines, each with the grid's name: as many series as there are configured grids.</summary>
public sealed class ProvisioningMetrics
{
    private readonly Counter<long> changes;
    private readonly Counter<long> failures;
    private readonly Counter<long> differences;
    private readonly Histogram<double> ready;

    public ProvisioningMetrics(IMeterFactory meters)
    {
        Meter meter = meters.CreateMycelium();
        changes = meter.CreateCounter<long>(
            "mycelium_machine_changes_total", description: "What became of machines");
        failures = meter.CreateCounter<long>(
            "mycelium_provisioner_failures_total", description: "Requests to provisioners that failed, and answers that were not believed");
        differences = meter.CreateCounter<long>(
            "mycelium_machine_differences_total", description: "Differences between machines and rentals that comparisons found");
        ready = meter.CreateHistogram<double>("mycelium_machine_ready_seconds", "s", "Time from a rental to its ready machine");
    }

    internal void Change(string grid, MachineChange change)
    {
        if (change != MachineChange.None)
            changes.Add(1, new("grid", grid), new("change", change.ToString()));
    }

    internal void GiveUp(string grid) => changes.Add(1, new("grid", grid), new("change", "GivenUp"));

    internal void Fail(string grid, string why) => failures.Add(1, new("grid", grid), new("why", why));

    internal void Differ(string grid, string kind, int count)
    {
        if (count > 0)
            differences.Add(count, new("grid", grid), new("kind", kind));
    }

    internal void Ready(string grid, TimeSpan after) => ready.Record(after.TotalSeconds, new KeyValuePair<string, object?>("grid", grid));
}
