using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Jobs;

public sealed class PeriodicJobTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestClock clock = new();
    private readonly JobRuns runs;

    public PeriodicJobTests() => runs = new JobRuns(services.GetRequiredService<IMeterFactory>(), clock);

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task A_run_that_fails_is_told_and_the_next_one_comes_all_the_same()
    {
        using var job = new Counted(runs, clock);
        await job.StartAsync(default);
        await WaitsAsync();
        Assert.Equal(new JobState("counted", null, HasFailed: false), Assert.Single(runs.Read()));

        JobState first = await RunsAsync(job, 1);
        job.Fails = true;
        JobState second = await RunsAsync(job, 2);
        job.Fails = false;
        JobState third = await RunsAsync(job, 3);

        Assert.Equal((false, true, false), (first.HasFailed, second.HasFailed, third.HasFailed));
        Assert.Equal(first.SucceededAt, second.SucceededAt);
        Assert.True(third.SucceededAt - first.SucceededAt >= 1.8 * Counted.Every);
        await job.StopAsync(default);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, job.Count);
    }

    [Fact]
    public async Task A_job_that_runs_at_its_start_and_is_woken_waits_for_neither()
    {
        using var job = new Woken(runs, clock);
        await job.StartAsync(default);
        await Eventually.HoldsAsync(() => job.Count == 1, "it runs at once");

        job.News.Release();
        await Eventually.HoldsAsync(() => job.Count == 2, "it runs when it is woken");

        await job.StopAsync(default);
        Assert.Equal(2, job.Count);
    }

    private async Task<JobState> RunsAsync(Counted job, int count)
    {
        clock.Advance(1.1 * Counted.Every);
        await Eventually.HoldsAsync(() => job.Count == count, "it has run");
        await WaitsAsync();
        return Assert.Single(runs.Read());
    }

    private Task WaitsAsync() => Eventually.HoldsAsync(() => clock.NextTimerAt is { } next && next > clock.GetUtcNow(), "it waits for its next run");

    private sealed class Counted(JobRuns runs, TimeProvider clock) : PeriodicJob("counted", runs, clock, NullLogger.Instance)
    {
        public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

        private int count;

        public int Count => Volatile.Read(ref count);

        public bool Fails { get; set; }

        protected override TimeSpan Interval => Every;

        protected override Task RunAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref count);
            return Fails ? throw new InvalidOperationException("no") : Task.CompletedTask;
        }
    }

    private sealed class Woken(JobRuns runs, TimeProvider clock) : PeriodicJob("woken", runs, clock, NullLogger.Instance)
    {
        private int count;

        public SemaphoreSlim News { get; } = new(0);

        public int Count => Volatile.Read(ref count);

        protected override TimeSpan Interval => TimeSpan.FromHours(1);

        protected override bool RunsAtStart => true;

        protected override Task RunAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        }

        protected override Task WaitAsync(CancellationToken cancellation) => News.WaitAsync(cancellation);
    }
}
