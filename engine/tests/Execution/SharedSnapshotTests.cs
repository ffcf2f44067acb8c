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
    public async Task Subscribers_that_arrive_together_share_one_snapshot_and_miss_nothing_after_it()
    {
        const int Count = 200;
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => FollowAsync()));
        await Until.TrueAsync(() => log.SnapshotCount == 1);

        log.Write(); // While the snapshot is being loaded: each catches up with it.
        log.Deliver();
        held.SetResult();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 2) && Groups.Counters.SubscriberCount == Count);
        log.Write();
        log.Deliver();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 3));

        Assert.Equal(1, log.SnapshotCount);
        Assert.Equal(2, Groups.Counters.EvaluationCount); // The snapshot, and the event that the group received.
        Assert.All(all, subscriber => Assert.Equal([Value(3), Value(4), Value(5)], subscriber.Texts));
        await EndAsync(all);
    }

    [Fact]
    public async Task Other_variables_and_later_subscribers_have_another_snapshot()
    {
        RecordingSubscriber one = await FollowAsync(), other = await FollowAsync("""{"of":2}""");
        await Until.TrueAsync(() => log.SnapshotCount == 2);
        held.SetResult();
        await Until.TrueAsync(() => one.Count == 1 && other.Count == 1);

        log.Write();
        log.Deliver();
        RecordingSubscriber late = await FollowAsync();
        await Until.TrueAsync(() => late.Count == 1);

        Assert.Equal(3, log.SnapshotCount);
        Assert.Equal([Value(4)], late.Texts);
        await EndAsync(one, other, late);
    }

    [Fact]
    public async Task A_leaving_subscriber_does_not_cancel_the_snapshot_of_others_and_the_last_one_does()
    {
        RecordingSubscriber first = await FollowAsync(), second = await FollowAsync();
        await Until.TrueAsync(() => log.SnapshotCount == 1);

        await first.EndAsync();
        Assert.Equal(0, log.GivenUpCount);
        await second.EndAsync();
        await Until.TrueAsync(() => log.GivenUpCount == 1);

        RecordingSubscriber next = await FollowAsync();
        held.SetResult();
        await Until.TrueAsync(() => next.Count == 1);
        Assert.Equal((2, 1), (log.SnapshotCount, log.GivenUpCount));
        await EndAsync(next);
    }

    [Fact]
    public async Task A_snapshot_that_fails_ends_all_streams_that_wait_for_it()
    {
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FollowAsync()));

        held.SetException(new GraphQLException("Too many.", "LIMIT_EXCEEDED"));
        await Task.WhenAll(all.Select(subscriber => subscriber.Ended)).WithinDeadlineAsync();

        Assert.Equal(1, log.SnapshotCount);
        Assert.All(all, subscriber => Assert.Equal(["""{"errors":[{"message":"Too many.","extensions":{"code":"LIMIT_EXCEEDED"}}]}"""], subscriber.Texts));
        await EndAsync(all);
    }

    private async Task<RecordingSubscriber> FollowAsync(string? variables = null)
    {
        var subscriber = new RecordingSubscriber(loseRoomEvery: 0) { HasRoom = true };
        subscriber.Start((ResponseStream)await engine.Executor.ExecuteAsync(engine.Request(Numbers, variables), subscriber.Cancellation));
        return subscriber;
    }

    private static async Task EndAsync(params RecordingSubscriber[] all)
    {
        foreach (RecordingSubscriber subscriber in all)
            await subscriber.EndAsync();
    }

    private static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $$$$"""{"data":{"onNumber":{"value":{{{{number}}}}}}}""");
}
