using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Transport;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class SharedSnapshotTests
{
    private const string Sdl = """
        type Query { a: String }
        type Subscription { onNumber(after: Int! = -1, multiplesOf: Int! = 1): Number! }
        type Number { value: Int! }
        """;

    private const string Numbers = "subscription ($of: Int! = 1) { onNumber(multiplesOf: $of) { value } }";

    private readonly NumberLog log = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestEngine engine;

    public SharedSnapshotTests()
    {
        engine = new TestEngine(Sdl, builder => builder
            .Subscribe("Subscription.onNumber", context => new(log.Follow(context.ArgumentValue<int>("after"), context.ArgumentValue<int>("multiplesOf"))))
            .ResumesWith("Subscription.onNumber", "after"));
        log.Write(count: 3);
        log.Deliver();
        log.Snapshot = held.Task;
    }

    private LiveGroups Groups => engine.Executor.Groups;

    [Fact]
    public async Task A_crowd_that_comes_at_once_shares_one_snapshot_and_misses_nothing_after_it()
    {
        const int Count = 200;
        Heard[] all = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => FollowAsync()));
        await Until.TrueAsync(() => log.SnapshotCount == 1);

        log.Write(); // While the snapshot is being read: each catches up with it.
        log.Deliver();
        held.SetResult();
        await Until.TrueAsync(() => all.All(heard => heard.Count == 2) && Groups.Counters.SubscriberCount == Count);
        log.Write();
        log.Deliver();
        await Until.TrueAsync(() => all.All(heard => heard.Count == 3));

        Assert.Equal(1, log.SnapshotCount);
        Assert.Equal(2, Groups.Counters.EvaluationCount); // The snapshot, and the event that came to the group.
        Assert.All(all, heard => Assert.Equal([Value(3), Value(4), Value(5)], heard.Texts));
        await EndAsync(all);
    }

    [Fact]
    public async Task Other_variables_have_another_snapshot_and_so_has_a_later_subscriber()
    {
        Heard one = await FollowAsync(), other = await FollowAsync("""{"of":2}""");
        await Until.TrueAsync(() => log.SnapshotCount == 2);
        held.SetResult();
        await Until.TrueAsync(() => one.Count == 1 && other.Count == 1);

        log.Write();
        log.Deliver();
        Heard late = await FollowAsync();
        await Until.TrueAsync(() => late.Count == 1);

        Assert.Equal(3, log.SnapshotCount);
        Assert.Equal([Value(4)], late.Texts);
        await EndAsync(one, other, late);
    }

    [Fact]
    public async Task Leaving_takes_the_snapshot_from_nobody_and_the_last_one_to_leave_ends_its_making()
    {
        Heard first = await FollowAsync(), second = await FollowAsync();
        await Until.TrueAsync(() => log.SnapshotCount == 1);

        await first.EndAsync();
        Assert.Equal(0, log.GivenUpCount);
        await second.EndAsync();
        await Until.TrueAsync(() => log.GivenUpCount == 1);

        Heard next = await FollowAsync();
        held.SetResult();
        await Until.TrueAsync(() => next.Count == 1);
        Assert.Equal((2, 1), (log.SnapshotCount, log.GivenUpCount));
        await EndAsync(next);
    }

    [Fact]
    public async Task A_snapshot_that_fails_ends_the_streams_of_all_that_wait_for_it()
    {
        Heard[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FollowAsync()));

        held.SetException(new GraphQLException("Too many.", "LIMIT_EXCEEDED"));
        await Task.WhenAll(all.Select(heard => heard.Ended)).WithinDeadlineAsync();

        Assert.Equal(1, log.SnapshotCount);
        Assert.All(all, heard => Assert.Equal(["""{"errors":[{"message":"Too many.","extensions":{"code":"LIMIT_EXCEEDED"}}]}"""], heard.Texts));
        await EndAsync(all);
    }

    private async Task<Heard> FollowAsync(string? variables = null)
    {
        var heard = new Heard(loseRoomEvery: 0) { HasRoom = true };
        heard.Start((ResponseStream)await engine.Executor.ExecuteAsync(engine.Request(Numbers, variables), heard.Cancellation));
        return heard;
    }

    private static async Task EndAsync(params Heard[] all)
    {
        foreach (Heard heard in all)
            await heard.EndAsync();
    }

    private static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $$$$"""{"data":{"onNumber":{"value":{{{{number}}}}}}}""");
}
