using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Transport;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class SharedSubscriptionTests
{
    private const string Sdl = """
        type Query { a: String }
        type Subscription { onNumber(after: Int! = 0, multiplesOf: Int! = 1): Number! }
        type Number { value: Int! viewer: String failOnTwo: Int slow: Int }
        """;

    private const string Numbers = "subscription ($after: Int! = 0, $of: Int! = 1) { onNumber(after: $after, multiplesOf: $of) { value } }";

    private readonly NumberLog log = new();
    private readonly TestEngine engine;
    private TaskCompletionSource? held;

    public SharedSubscriptionTests() => engine = new TestEngine(Sdl, builder => builder
        .Subscribe("Subscription.onNumber", context => new(log.Follow(context.ArgumentValue<int>("after"), context.ArgumentValue<int>("multiplesOf"))))
        .ResumesWith("Subscription.onNumber", "after")
        .Resolve("Number.viewer", context => new(context.User.Identity?.Name ?? "nobody"))
        .Resolve("Number.slow", async _ =>
        {
            await (held?.Task ?? Task.CompletedTask);
            return 1;
        })
        .Resolve(
            "Number.failOnTwo",
            context => context.Parent<Dictionary<string, object?>>()["value"] is 2 ? throw new GraphQLException("Two.", "TWO") : new(0)));

    private LiveGroups Groups => engine.Executor.Groups;

    [Fact]
    public async Task Five_thousand_equal_subscribers_cost_one_evaluation_an_event()
    {
        const int Count = 5_000;
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => FollowAsync(Numbers)));

        for (int number = 0; number < 3; number++)
        {
            log.Write();
            log.Deliver();
        }
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 3));

        Assert.Equal(1, Groups.Counters.GroupCount);
        Assert.Equal(Count, Groups.Counters.SubscriberCount);
        Assert.Equal(3, Groups.Counters.EvaluationCount);
        Assert.Equal(3 * Count, Groups.Counters.DeliveryCount);
        Assert.All(all, subscriber => Assert.Equal([Value(1), Value(2), Value(3)], subscriber.Texts));
        await EndAsync(all);
        Assert.Equal((0, 0, 0), (Groups.Counters.GroupCount, Groups.Counters.SubscriberCount, log.GroupCount));
    }

    [Fact]
    public async Task An_event_is_only_evaluated_for_the_groups_that_it_concerns()
    {
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => FollowAsync(Numbers, $$"""{"of":{{1 + i % 20}}}""")));

        log.Write(count: 6);
        log.Deliver();
        await Until.TrueAsync(() => all.Sum(subscriber => subscriber.Count) == 2 * 14);

        Assert.Equal(20, Groups.Counters.GroupCount);
        Assert.Equal(14, log.DeliveryCount); // The divisors of 1 to 6: 1, 2, 2, 3, 2 and 4 of them.
        Assert.Equal(14, Groups.Counters.EvaluationCount);
        await EndAsync(all);
    }

    [Fact]
    public async Task Where_a_stream_starts_and_how_its_variables_are_written_do_not_prevent_sharing()
    {
        log.Write(count: 4);
        log.Deliver();
        RecordingSubscriber[] all =
        [
            await FollowAsync(Numbers, """{"of":2,"after":0}"""), await FollowAsync(Numbers, """{"after":3,"of":2}"""),
            await FollowAsync(Numbers, """{"of":2,"after":4,"unknown":true}"""),
        ];

        log.Write(count: 2);
        log.Deliver();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count > 0 && subscriber.Texts[^1] == Value(6)));

        Assert.Equal(1, Groups.Counters.GroupCount);
        Assert.Equal(1, Groups.Counters.EvaluationCount);
        Assert.Equal([[Value(2), Value(4), Value(6)], [Value(4), Value(6)], [Value(6)]], all.Select(subscriber => subscriber.Texts));
        await EndAsync(all);
    }

    [Theory]
    [InlineData("subscription { onNumber { value viewer } }")]
    [InlineData("subscription { onNumber { ...N } } fragment N on Number { ... on Number { value viewer } }")]
    public async Task Viewers_share_when_their_claims_are_the_same_and_a_field_could_distinguish_them(string query)
    {
        RecordingSubscriber[] all =
            [await FollowAsync(query, user: User("ann")), await FollowAsync(query, user: User("ann")),
                await FollowAsync(query, user: User("bob")), await FollowAsync(query)];

        log.Write();
        log.Deliver();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 1));

        Assert.Equal(3, Groups.Counters.EvaluationCount);
        Assert.Equal(["ann", "ann", "bob", "nobody"], all.Select(subscriber => subscriber.Texts[0].Split('"')[^2]));
        await EndAsync(all);
    }

    [Fact]
    public async Task Viewers_share_when_no_field_depends_on_them()
    {
        RecordingSubscriber[] all = [await FollowAsync(Numbers, user: User("ann")), await FollowAsync(Numbers, user: User("bob")), await FollowAsync(Numbers)];

        Assert.Equal(1, Groups.Counters.GroupCount);
        await EndAsync(all);
    }

    [Fact]
    public async Task Only_a_client_that_asks_for_the_cost_of_an_operation_gets_it()
    {
        RecordingSubscriber reported = await FollowAsync(Numbers, cost: CostMode.Report), other = await FollowAsync(Numbers);

        log.Write();
        log.Deliver();
        await Until.TrueAsync(() => reported.Count == 1 && other.Count == 1);

        Assert.Contains("operationCost", reported.Texts[0], StringComparison.Ordinal);
        Assert.Equal(Value(1), other.Texts[0]);
        await EndAsync(reported, other);
    }

    [Fact]
    public async Task An_error_in_one_event_goes_to_all_subscribers_and_the_next_event_follows()
    {
        log.Write();
        log.Deliver();
        RecordingSubscriber[] all = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => FollowAsync("subscription { onNumber(after: 1) { value failOnTwo } }")));

        log.Write(count: 2);
        log.Deliver();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 2));

        Assert.All(all, subscriber => Assert.Contains("\"code\":\"TWO\"", subscriber.Texts[0], StringComparison.Ordinal));
        Assert.All(all, subscriber => Assert.Equal("""{"data":{"onNumber":{"value":3,"failOnTwo":0}}}""", subscriber.Texts[1]));
        await EndAsync(all);
    }

    [Fact]
    public async Task A_source_that_fails_ends_all_streams_with_its_error()
    {
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FollowAsync(Numbers)));

        log.DeliverFailure(new GraphQLException("Gone.", "GONE"));
        await Task.WhenAll(all.Select(subscriber => subscriber.Ended)).WithinDeadlineAsync();

        Assert.All(all, subscriber => Assert.Equal(["""{"errors":[{"message":"Gone.","extensions":{"code":"GONE"}}]}"""], subscriber.Texts));
        Assert.Equal(0, Groups.Counters.SubscriberCount);
    }

    [Fact]
    public async Task A_subscriber_without_room_leaves_the_group_catches_up_alone_and_misses_nothing()
    {
        RecordingSubscriber quick = await FollowAsync(Numbers);
        RecordingSubscriber slow = await FollowAsync(Numbers, hasRoom: false);

        log.Write(count: 3);
        log.Deliver();
        await Until.TrueAsync(() => quick.Count == 3 && slow.Count == 3 && Groups.Counters.SubscriberCount == 2);
        slow.HasRoom = true;
        log.Write();
        log.Deliver();
        await Until.TrueAsync(() => quick.Count == 4 && slow.Count == 4);

        Assert.Equal([Value(1), Value(2), Value(3), Value(4)], slow.Texts);
        Assert.Equal((3, 1), (slow.ReadCount, slow.PushedCount));
        await EndAsync(quick, slow);
    }

    [Fact]
    public async Task A_group_with_hanging_resolvers_does_not_hold_up_others()
    {
        held = new TaskCompletionSource();
        RecordingSubscriber stuck = await FollowAsync("subscription { onNumber { value slow } }");
        RecordingSubscriber free = await FollowAsync(Numbers);

        log.Write(count: 5);
        log.Deliver();
        await Until.TrueAsync(() => free.Count == 5);

        Assert.Equal(0, stuck.Count);
        held.SetResult();
        await Until.TrueAsync(() => stuck.Count == 5);
        await EndAsync(stuck, free);
    }

    [Fact]
    public async Task When_the_live_end_loses_its_place_each_subscriber_catches_up_by_itself()
    {
        RecordingSubscriber[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => FollowAsync(Numbers)));

        log.Write(count: 2);
        log.DeliverGap();
        await Until.TrueAsync(() => all.All(subscriber => subscriber.Count == 2) && Groups.Counters.SubscriberCount == 3);

        Assert.All(all, subscriber => Assert.Equal((2, 0), (subscriber.ReadCount, subscriber.PushedCount)));
        await EndAsync(all);
    }

    [Fact]
    public async Task Readers_without_push_receive_the_same()
    {
        var stream = (ResponseStream)await engine.ExecuteAsync(Numbers);
        await using IAsyncEnumerator<OperationResult> reader = stream.ReadResultsAsync().GetAsyncEnumerator();
        for (int number = 1; number <= 200; number++)
        {
            ValueTask<bool> next = reader.MoveNextAsync();
            if (number % 7 == 1)
                log.Write(count: Math.Min(7, 201 - number));
            log.Deliver();
            Assert.True(await next);
            using (reader.Current)
                Assert.Equal(Value(number), TestEngine.Text(reader.Current));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_subscriber_receives_every_event_once_and_in_order(int seed)
    {
        const int Events = 2_000;
        var random = new Random(seed);
        Task writer = Task.Run(async () =>
        {
            var pace = new Random(seed + 100);
            for (int written = 0; written < Events;)
            {
                int count = Math.Min(pace.Next(1, 5), Events - written);
                written += count;
                log.Write(count);
                if (pace.Next(3) > 0)
                    log.Deliver();
                if (pace.Next(4) == 0)
                    await Task.Yield();
            }
            log.Deliver();
        });
        var all = new ConcurrentBag<(int After, int Of, RecordingSubscriber RecordingSubscriber)>();
        for (int subscriber = 0; subscriber < 60; subscriber++)
        {
            (int after, int of, int roomFrom) = (random.Next(20), random.Next(1, 4), random.Next(3));
            all.Add((after, of, await FollowAsync(
                Numbers, string.Create(CultureInfo.InvariantCulture, $$"""{"after":{{after}},"of":{{of}}}"""), hasRoom: roomFrom > 0, waits: false,
                loseRoomEvery: roomFrom == 1 ? 17 : 0)));
        }
        await writer.WithinDeadlineAsync();
        foreach ((int after, int of, RecordingSubscriber subscriber) in all)
        {
            string[] expected = [.. Enumerable.Range(after + 1, Events - after).Where(number => number % of == 0).Select(Value)];
            await Until.TrueAsync(() => subscriber.Count >= expected.Length);
            Assert.True(
                expected.SequenceEqual(subscriber.Texts),
                $"seed {seed}, after {after}, multiples of {of}: {string.Join(' ', subscriber.Texts.Take(20))}");
        }
        await EndAsync([.. all.Select(one => one.RecordingSubscriber)]);
    }

    private async Task<RecordingSubscriber> FollowAsync(
        string query, string? variables = null, ClaimsPrincipal? user = null, bool hasRoom = true, bool waits = true, int loseRoomEvery = 0,
        CostMode cost = CostMode.None)
    {
        var subscriber = new RecordingSubscriber(loseRoomEvery) { HasRoom = hasRoom };
        GraphQLRequest request = engine.Request(query, variables) with { User = user ?? new ClaimsPrincipal(), Cost = cost };
        int before = Groups.Counters.SubscriberCount;
        subscriber.Start((ResponseStream)await engine.Executor.ExecuteAsync(request, subscriber.Cancellation));
        if (waits)
            await Until.TrueAsync(() => Groups.Counters.SubscriberCount > before);
        return subscriber;
    }

    private static async Task EndAsync(params RecordingSubscriber[] all)
    {
        foreach (RecordingSubscriber subscriber in all)
            await subscriber.EndAsync();
    }

    private static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $$$$"""{"data":{"onNumber":{"value":{{{{number}}}}}}}""");

    private static ClaimsPrincipal User(string name) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
}
