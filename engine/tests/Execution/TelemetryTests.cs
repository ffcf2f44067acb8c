using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Transport;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>Runs alone: listeners receive events from every server of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryTests : IDisposable
{
    private const string Secret = "hunter2";
    private const string Text = "query Boxes($key: String) { slow(key: $key) loaded(key: $key) a }";
    private readonly ConcurrentQueue<Activity> spans = [];
    private readonly ConcurrentQueue<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> measures = [];
    private readonly List<IDisposable> listeners = [];

    [Fact]
    public async Task A_request_is_one_server_span_with_conventional_attributes()
    {
        ListenToSpans();

        await Engine(ActivityScopes.ExecuteRequest).AnswerAsync(Text, $$"""{"key":"{{Secret}}"}""");

        Activity span = Assert.Single(spans);
        Assert.Equal((ActivityKind.Server, "query", ActivityStatusCode.Unset), (span.Kind, span.DisplayName, span.Status));
        Assert.Equal(
            ["graphql.document.hash=sha256:" + OperationDocument.HashOf(Text), "graphql.operation.name=Boxes", "graphql.operation.type=query"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stages_resolvers_and_fetches_have_spans_on_demand_below_that_of_the_request()
    {
        ListenToSpans();

        await Engine(ActivityScopes.All).AnswerAsync(Text, $$"""{"key":"{{Secret}}"}""");

        Assert.Equal(
            ["graphql", "graphql.coerce_variables", "graphql.compile",
                "graphql.dataloader.batch", "graphql.execute", "graphql.parse", "graphql.resolve", "graphql.resolve", "graphql.validate"],
            spans.Select(span => span.OperationName).Order(StringComparer.Ordinal)); // Which of the fields ends first is not defined.
        Activity root = spans.Single(span => span.OperationName == "graphql");
        Assert.All(spans, span => Assert.Equal(root.TraceId, span.TraceId));
        Assert.Equal(root.SpanId, spans.Single(span => span.OperationName == "graphql.execute").ParentSpanId);
        Activity batch = spans.Single(span => span.OperationName == "graphql.dataloader.batch");
        Assert.Equal((nameof(EchoLoader), 1), (batch.GetTagItem("graphql.dataloader.name"), batch.GetTagItem("graphql.dataloader.batch.size")));
        Assert.Contains(
            spans,
            span => Equals(span.GetTagItem("graphql.selection.field.name"), "slow") && Equals(span.GetTagItem("graphql.selection.field.parent_type"), "Query"));
    }

    [Theory]
    [InlineData("{ fail }", "partial", ErrorCodes.Internal)]
    [InlineData("{ missing }", "refused", ErrorCodes.ValidationFailed)]
    [InlineData("{", "refused", ErrorCodes.SyntaxError)]
    [InlineData("{ a }", "success", null)]
    public async Task The_outcome_is_recorded_by_span_and_metric(string text, string outcome, string? code)
    {
        ListenToSpans();
        ListenToMeasures();

        await Engine(ActivityScopes.Default).AnswerAsync(text);

        Activity span = Assert.Single(spans);
        Assert.Equal((code, code is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status));
        var duration = measures.Single(measure => measure.Name == "graphql.server.request.duration");
        Assert.Equal(outcome, duration.Tags.Single(tag => tag.Key == "graphql.outcome").Value);
        Assert.Equal(code, duration.Tags.SingleOrDefault(tag => tag.Key == "error.type").Value);
        Assert.InRange(duration.Value, 0, 60);
    }

    [Fact]
    public async Task Lookups_and_batches_are_counted()
    {
        ListenToMeasures();
        TestEngine engine = Engine(ActivityScopes.None);

        for (int time = 0; time < 3; time++)
            await engine.AnswerAsync("{ x: loaded(key: \"1\") y: loaded(key: \"2\") z: loaded(key: \"2\") }");

        Assert.Equal(
            ["miss", "hit", "hit"],
            measures.Where(measure => measure.Name == "graphql.server.document.lookups").Select(measure => (string)measure.Tags[0].Value!));
        Assert.Equal([2.0, 2, 2], measures.Where(measure => measure.Name == "graphql.server.dataloader.batch.size").Select(measure => measure.Value));
    }

    [Fact]
    public async Task Open_sockets_are_counted_until_they_close()
    {
        ListenToMeasures();
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using (SocketClient client = await SocketClient.OpenAsync(server))
        {
            Assert.Equal(1, Now("graphql.server.active_sockets"));
            await client.CloseAsync();
        }

        await Eventually.HoldsAsync(() => Task.FromResult(Now("graphql.server.active_sockets") == 0), "nothing is open", TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Subscriptions_are_counted_while_they_have_subscribers_on_any_transport(bool isShared)
    {
        ListenToMeasures();
        var log = new NumberLog();
        var never = new TaskCompletionSource();
        var engine = new TestEngine("type Query { a: Int } type Subscription { tick: Tick } type Tick { value: Int }", builder => builder
            .Subscribe("Subscription.tick", _ => new(isShared ? log.Follow(after: 0) : TickAsync(never.Task))));
        log.Write();
        var stream = (ResponseStream)await engine.ExecuteAsync("subscription { tick { value } }");
        Assert.Equal(0, Now("graphql.server.active_subscriptions"));

        await using (IAsyncEnumerator<OperationResult> reader = stream.ReadResultsAsync().GetAsyncEnumerator())
        {
            Assert.True(await reader.MoveNextAsync());
            reader.Current.Dispose();
            Assert.Equal(1, Now("graphql.server.active_subscriptions"));
        }

        Assert.Equal(0, Now("graphql.server.active_subscriptions"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3_600, false)]
    public async Task A_slow_request_is_one_line_with_its_hash_and_codes(int thresholdSeconds, bool isLogged)
    {
        TestEngine engine = Engine(ActivityScopes.None, TimeSpan.FromSeconds(thresholdSeconds));

        await engine.AnswerAsync($$"""query Boxes($key: String) { slow(key: $key) denied }""", $$"""{"key":"{{Secret}}"}""");

        string hash = OperationDocument.HashOf("query Boxes($key: String) { slow(key: $key) denied }");
        if (!isLogged)
        {
            Assert.Empty(engine.Log);
            return;
        }
        string line = Assert.Single(engine.Log);
        Assert.Matches($@"^Slow GraphQL query Boxes: \d+ ms, document {hash}, error codes \[FORBIDDEN\]\. $", line);
    }

    [Fact]
    public async Task The_value_of_a_variable_is_never_recorded()
    {
        ListenToSpans();
        ListenToMeasures();
        TestEngine engine = Engine(ActivityScopes.All, TimeSpan.Zero);

        await engine.AnswerAsync(Text, $$"""{"key":"{{Secret}}"}""");
        await engine.AnswerAsync("query ($key: Int) { number(key: $key) }", $$"""{"key":"{{Secret}}"}""");
        await engine.AnswerAsync("query ($key: String) { failWith(key: $key) }", $$"""{"key":"{{Secret}}"}""");

        string recorded = string.Join('\n',
        [
            .. spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription)),
            .. measures.SelectMany(measure => measure.Tags.Select(tag => $"{tag.Key}={tag.Value}")),
            .. engine.Log.Where(line => line.StartsWith("Slow", StringComparison.Ordinal)),
        ]);
        Assert.Contains("graphql.document.hash", recorded, StringComparison.Ordinal);
        Assert.Contains("Slow GraphQL", recorded, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, recorded, StringComparison.Ordinal);
        Assert.DoesNotContain("{ slow", recorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_of_the_document_is_recorded_if_configured()
    {
        ListenToSpans();

        await Engine(ActivityScopes.Default, configure: options => options.IncludeDocument = true).AnswerAsync("{ a }");

        Assert.Equal("{ a }", Assert.Single(spans).GetTagItem("graphql.document"));
    }

    [Fact]
    public void Nothing_is_allocated_without_a_listener()
    {
        var telemetry = new EngineTelemetry(new InstrumentationOptions { Scopes = ActivityScopes.All }, new ListLogger<TelemetryTests>([]));
        Touch(telemetry);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int time = 0; time < 1_000; time++)
            Touch(telemetry);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => listeners.ForEach(listener => listener.Dispose());

    /// <summary>Every stage of a request.</summary>
    private static void Touch(EngineTelemetry telemetry)
    {
        Assert.False(telemetry.IsOn || telemetry.TracesResolvers || telemetry.TracesBatches);
        telemetry.StartStage(ActivityScopes.ParseDocument, "graphql.parse")?.Dispose();
        EngineTelemetry.DocumentLookedUp(isHit: true);
        EngineTelemetry.RecordBatch("loader", 7);
    }

    private static TestEngine Engine(ActivityScopes scopes, TimeSpan? slow = null, Action<InstrumentationOptions>? configure = null) => new(
        "type Query { a: String slow(key: String): String loaded(key: String): String fail: String denied: String number(key: Int): Int "
            + "failWith(key: String): String }",
        builder => builder
            .ResolvePure("Query.a", _ => "a")
            .Resolve("Query.slow", async _ =>
            {
                await Task.Yield();
                return "slow";
            })
            .Resolve("Query.loaded", async context => await context.DataLoader<EchoLoader>().LoadAsync(context.ArgumentValue<string>("key")))
            .Resolve("Query.fail", _ => throw new InvalidOperationException("broken"))
            .Resolve("Query.denied", _ => throw new GraphQLException("no", ErrorCodes.Forbidden))
            .Resolve("Query.number", _ => new(1))
            .Resolve("Query.failWith", context => throw new GraphQLException($"not {context.ArgumentValue<string>("key")}", ErrorCodes.BadUserInput)),
        options =>
        {
            options.Instrumentation.Scopes = scopes;
            options.Instrumentation.SlowOperationThreshold = slow;
            configure?.Invoke(options.Instrumentation);
        });

    private void ListenToSpans()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EngineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        listeners.Add(listener);
    }

    private void ListenToMeasures()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == EngineTelemetry.Name)
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measures.Enqueue((instrument.Name, value, tags.ToArray())));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measures.Enqueue((instrument.Name, value, tags.ToArray())));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => measures.Enqueue((instrument.Name, value, tags.ToArray())));
        listener.Start();
        listeners.Add(listener);
    }

    private int Now(string gauge)
    {
        listeners.OfType<MeterListener>().Single().RecordObservableInstruments();
        return (int)measures.Last(measure => measure.Name == gauge).Value;
    }

    private static async IAsyncEnumerable<object> TickAsync(Task until)
    {
        yield return new Dictionary<string, object?> { ["value"] = 1 };
        await until;
    }

    private sealed class EchoLoader : BatchDataLoader<string, string>
    {
        protected override Task<IReadOnlyDictionary<string, string>> LoadBatchAsync(IReadOnlyList<string> keys, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(keys.ToDictionary(key => key));
    }
}
