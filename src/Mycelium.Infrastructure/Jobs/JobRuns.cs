using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure.Jobs;

/// <summary>How the last runs of this replica's periodic jobs ended, for health and metrics.</summary>
public sealed class JobRuns(IMeterFactory meters, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, JobState> states = new(StringComparer.Ordinal);
    private readonly Histogram<double> runs = meters.CreateMycelium().CreateHistogram<double>(
        "mycelium_job_duration_seconds", unit: "s", description: "Runs of periodic jobs, by job and outcome: succeeded, failed");

    /// <summary>By name.</summary>
    public IReadOnlyList<JobState> Read() => [.. states.Values.OrderBy(state => state.Name, StringComparer.Ordinal)];

    internal void Register(string name) => states.TryAdd(name, new JobState(name, null, HasFailed: false));

    internal void Succeeded(string name, TimeSpan duration)
    {
        states[name] = new JobState(name, clock.GetUtcNow(), HasFailed: false);
        Record(name, duration, "succeeded");
    }

    internal void Failed(string name, TimeSpan duration)
    {
        states[name] = states[name] with { HasFailed = true };
        Record(name, duration, "failed");
    }

    private void Record(string name, TimeSpan duration, string outcome) =>
        runs.Record(duration.TotalSeconds, new("job", name), new KeyValuePair<string, object?>("outcome", outcome));
}

/// <param name="Name">Of the job.</param>
/// <param name="SucceededAt">When a run last succeeded; null before the first.</param>
/// <param name="HasFailed">Whether the last run failed.</param>
public sealed record JobState(string Name, DateTimeOffset? SucceededAt, bool HasFailed);
