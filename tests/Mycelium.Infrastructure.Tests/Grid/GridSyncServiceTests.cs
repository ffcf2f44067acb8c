using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>When passes happen.</summary>
public sealed class GridSyncServiceTests
{
    private readonly TestClock clock = new();

    [Fact]
    public async Task The_first_pass_is_at_the_start_and_the_next_after_the_interval()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        using GridSyncService service = Service(rig);

        await service.StartAsync(default);
        await PassesAsync(rig, 1);
        await rig.RunAsync("UPDATE sync_state SET last_started_at = last_started_at - interval '1 minute'"); // The database has a clock of its own.
        await ForwardAsync(TimeSpan.FromSeconds(66));
        await PassesAsync(rig, 2);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task While_passes_fail_they_come_more_rarely_and_the_loop_goes_on()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Status = 503 });
        using GridSyncService service = Service(rig);

        await service.StartAsync(default);
        await PassesAsync(rig, 1);
        await rig.RunAsync("UPDATE sync_state SET last_started_at = last_started_at - interval '1 hour'");
        await ForwardAsync(TimeSpan.FromSeconds(100)); // Twice the interval, less a tenth, is 108 s.
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT last_value FROM sync_sequence"));
        rig.Faults.Clear();
        clock.Advance(TimeSpan.FromSeconds(40));
        await PassesAsync(rig, 2);

        await Eventually.HoldsAsync(async () => await rig.ReadAsync<int>("SELECT count(*) FROM nodes") == 60, "the grid is taken over");
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Without_a_grid_there_is_nothing_to_do()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        using var service = new GridSyncService(rig.Sync, Options.Create(new GridOptions()), clock, NullLogger<GridSyncService>.Instance);

        await service.StartAsync(default);
        await service.ExecuteTask!;

        Assert.Equal(0, rig.Faults.RequestCount);
    }

    private GridSyncService Service(SyncRig rig) =>
        new(rig.Sync, Options.Create(new GridOptions { BaseUrl = rig.Grid.BaseAddress }), clock, NullLogger<GridSyncService>.Instance);

    /// <summary>Waits until the pass of this number has ended.</summary>
    private static Task PassesAsync(SyncRig rig, int count) => Eventually.HoldsAsync(
        async () => await rig.ReadAsync<int>("SELECT count(*) FROM sync_state WHERE last_sequence = " + count
            + " AND (last_completed_at >= last_started_at OR last_error IS NOT NULL)") == 1,
        $"pass {count} ends");

    /// <summary>Moves the clock once the service waits for it.</summary>
    private async Task ForwardAsync(TimeSpan by)
    {
        await Eventually.HoldsAsync(() => clock.ArmedTimerCount > 0, "the service waits");
        clock.Advance(by);
    }
}
