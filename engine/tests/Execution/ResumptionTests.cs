using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>A subscription whose events have positions: a transport that knows the client's position makes it resume there.</summary>
public sealed class ResumptionTests
{
    private const string Sdl = """
        type Query { a: String }
        type Subscription { ticks(after: String, step: Int = 1): Int!  plain(after: String): Int! }
        """;

    private readonly TestEngine engine = new(Sdl, builder => builder
        .Subscribe("Subscription.ticks", context => new(Ticks(context.ArgumentValue<string?>("after"), context.ArgumentValue<int>("step"))))
        .ResolvePure("Subscription.ticks", tick => ((Tick)tick).Number)
        .ResumesWith("Subscription.ticks", "after")
        .Subscribe("Subscription.plain", context => new(Ticks(context.ArgumentValue<string?>("after"), step: 1)))
        .ResolvePure("Subscription.plain", tick => ((Tick)tick).Number));

    [Theory]
    [InlineData("subscription { ticks }")]
    [InlineData("""subscription { ticks(after: "at 1") }""")]
    [InlineData("subscription($from: String) { ticks(after: $from) }")]
    public async Task It_resumes_from_the_last_event_of_the_client_whatever_the_document_says(string query)
    {
        Assert.Equal([("""{"data":{"ticks":5}}""", "at 5"), ("""{"data":{"ticks":6}}""", "at 6")], await ReadAsync(query, lastEventId: "at 4"));
    }

    [Fact]
    public async Task Other_arguments_stay_unchanged()
    {
        Assert.Equal([("""{"data":{"ticks":6}}""", "at 6")], await ReadAsync("subscription { ticks(step: 2) }", lastEventId: "at 4"));
    }

    [Fact]
    public async Task A_new_client_starts_where_its_document_says()
    {
        Assert.Equal([("""{"data":{"ticks":6}}""", "at 6")], await ReadAsync("""subscription { ticks(after: "at 5") }""", lastEventId: null));
    }

    [Fact]
    public async Task A_field_that_does_not_resume_reports_no_position_and_takes_none()
    {
        Assert.Equal([("""{"data":{"plain":6}}""", null)], await ReadAsync("""subscription { plain(after: "at 5") }""", lastEventId: "at 1"));
    }

    private async Task<List<(string, string?)>> ReadAsync(string query, string? lastEventId)
    {
        var stream = (ResponseStream)await engine.Executor.ExecuteAsync(engine.Request(query, """{ "from": "at 1" }""") with { LastEventId = lastEventId });
        var seen = new List<(string, string?)>();
        await foreach (OperationResult result in stream.ReadResultsAsync())
        {
            using (result)
                seen.Add((TestEngine.Text(result), result.Cursor));
        }
        return seen;
    }

    private static async IAsyncEnumerable<object> Ticks(string? after, int step)
    {
        await Task.CompletedTask;
        for (int number = after is null ? 1 : int.Parse(after["at ".Length..], null) + step; number <= 6; number += step)
            yield return new Tick(number);
    }

    private sealed record Tick(int Number) : IHasCursor
    {
        public string Cursor => $"at {Number}";
    }
}
