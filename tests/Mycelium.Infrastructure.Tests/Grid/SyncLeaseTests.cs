using Microsoft.Extensions.Options;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Who may write for a grid, and until when.</summary>
public sealed class SyncLeaseTests
{
    [Fact]
    public async Task A_lease_that_ran_out_is_not_taken_while_its_holder_writes_and_after_that_the_holder_writes_nothing()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        SyncLease old = (await TakeAsync(rig))!;
        await rig.RunAsync("UPDATE grid_syncs SET lease_expires_at = clock_timestamp() - interval '1 second'");

        Assert.Null(await old.WriteAsync(_ => TakeAsync(rig), default));
        SyncLease taken = (await TakeAsync(rig))!;

        await Assert.ThrowsAsync<SyncLeaseLostException>(() => WriteAsync(old));
        await old.EndAsync(new SyncReport(SyncOutcome.Complete), default);
        Assert.Null((await rig.StateAsync()).LastCompletedAt);
        await WriteAsync(taken);
        Assert.Equal("test", await rig.ReadAsync<string>("SELECT last_error FROM grid_syncs"));
    }

    [Fact]
    public async Task A_write_that_meets_a_takeover_waits_for_it_and_is_refused()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        SyncLease old = (await TakeAsync(rig))!;
        await using NpgsqlConnection other = await rig.Database.OpenConnectionAsync();
        await using NpgsqlTransaction takeover = await other.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("UPDATE grid_syncs SET last_sequence = nextval('sync_sequence')", other))
            await take.ExecuteNonQueryAsync();

        Task late = WriteAsync(old);
        await Eventually.HoldsAsync(
            async () => await rig.ReadAsync<int>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1,
            "the old holder waits");
        await takeover.CommitAsync();

        await Assert.ThrowsAsync<SyncLeaseLostException>(() => late);
    }

    [Fact]
    public async Task A_slow_answer_renews_the_lease_before_the_pass_waits_for_a_slot()
    {
        var clock = new TestClock();
        using var slots = new PassSlots(1, clock);
        using PassSlots.PassSlot slow = await slots.TakeAsync(default);
        var answer = new TaskCompletionSource<int>();
        int renewalCount = 0;
        Task<int> waiting = slow.WaitForAsync(answer.Task, () => Task.FromResult(++renewalCount), default);
        clock.Advance(TimeSpan.FromSeconds(1));
        PassSlots.PassSlot other = await slots.TakeAsync(default);

        answer.SetResult(7);
        await Eventually.HoldsAsync(() => Volatile.Read(ref renewalCount) == 1, "the lease is renewed", TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        other.Dispose();

        Assert.Equal(7, await waiting);
    }

    [Theory]
    [InlineData("00:00:40", true)]
    [InlineData("00:00:40.001", false)]
    [InlineData("00:00:00", false)]
    public async Task A_request_that_could_outlive_the_lease_is_refused_at_the_start(string timeout, bool isFine)
    {
        await using var replica = new Replica("Host=unused", settings: [new("Grid:RequestTimeout", timeout)]);

        Exception? refusal = Record.Exception(() => replica.Get<IOptions<GridOptions>>().Value);

        Assert.Equal(isFine, refusal is null);
        Assert.True(isFine || refusal is OptionsValidationException);
        Assert.True(SyncLease.RequestTimeoutMax + SyncLease.RenewalInterval < SyncLease.Life);
    }

    private static async Task<SyncLease?> TakeAsync(SyncRig rig)
    {
        GridIdentity grid = await rig.Directory.EnrolAsync("main", default);
        return await SyncLease.TryTakeAsync(rig.Database, grid, TimeSpan.Zero, TimeProvider.System, default);
    }

    private static Task<int> WriteAsync(SyncLease lease) => lease.WriteAsync(
        async connection =>
        {
            await using var write = new NpgsqlCommand("UPDATE grid_syncs SET last_error = 'test'", connection);
            return await write.ExecuteNonQueryAsync();
        },
        default);
}
