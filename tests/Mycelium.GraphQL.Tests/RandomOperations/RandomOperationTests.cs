using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Tests.Hosting;
using Xunit.Abstractions;
using GraphQLSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.RandomOperations;

/// <summary>The whole service answers or refuses any operation that is valid for the schema: these tests look for internal errors.</summary>
[Collection(ApiCollection.Name)]
public sealed class RandomOperationTests(ApiHost host, ITestOutputHelper output)
{
    /// <summary>For each way of reading; takes some ten seconds on two cores.</summary>
    private const int QueryCount = 3_000;
    private const int SubscriptionCount = 200;
    private const int MutationCount = 400;

    /// <summary>Codes that no valid operation may get: our mistakes, and those of a service that is stuck.</summary>
    private static readonly string[] mistakes = ["INTERNAL", "NULL_FOR_NON_NULL", "TIMEOUT", "UNAVAILABLE", "GRAPHQL_SYNTAX_ERROR"];

    private readonly int seed = Environment.TickCount;
    private readonly HttpClient http = new();

    private GraphQLSchema Schema => host.Replica.Get<IRequestExecutor>().Schema;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Random_queries_of_any_caller_are_answered_or_refused(bool isReadDirectly)
    {
        KnownValues known = await KnownValues.OfAsync(host.Anyone);
        Api[] callers = [host.Anyone, await host.RenterAsync(), host.Farmer, host.Operator];

        int[] answered = await RunAsync(QueryCount, async index =>
        {
            RandomOperation query = RandomOperation.OfQuery(Schema, new Random(seed + index), known);
            JsonElement answer = await SendAsync(callers[index % callers.Length], query, index, isReadDirectly ? null : host.EntityFramework);
            return !answer.TryGetProperty("errors", out _);
        });

        output.WriteLine($"seed {seed}: {answered.Length} of {QueryCount} without an error");
        Assert.True(
            answered.Length > QueryCount / 3,
            $"seed {seed}: only {answered.Length} of {QueryCount} queries are answered without an error, so the test shows little.");
    }

    /// <summary>With ids that do not exist, so that the market does not change.</summary>
    [Fact]
    public async Task Random_mutations_of_any_caller_are_answered_or_refused()
    {
        Api[] callers = [host.Anyone, await host.RenterAsync(dollars: 0), host.Operator];

        int[] answered = await RunAsync(MutationCount, async index =>
        {
            RandomOperation mutation = RandomOperation.Of("mutation", Schema, Schema.MutationType!, new Random(seed + index), KnownValues.None);
            JsonElement answer = await SendAsync(callers[index % callers.Length], mutation, index);
            return answer.GetRawText().Contains("\"data\":{", StringComparison.Ordinal);
        });

        Assert.True(answered.Length > MutationCount / 20, $"seed {seed}: only {answered.Length} of {MutationCount} mutations were more than refused.");
    }

    [Fact]
    public async Task Random_subscriptions_of_any_caller_start_or_are_refused()
    {
        KnownValues known = await KnownValues.OfAsync(host.Anyone);
        Api[] callers = [host.Anyone, await host.RenterAsync(dollars: 0), host.Operator];

        int[] started = await RunAsync(SubscriptionCount, async index =>
        {
            RandomOperation subscription = RandomOperation.Of("subscription", Schema, Schema.SubscriptionType!, new Random(seed + index), known);
            JsonElement first = await FirstAsync(callers[index % callers.Length], subscription);
            Check(first, subscription, index);
            return !first.TryGetProperty("errors", out _);
        });

        Assert.True(started.Length > SubscriptionCount / 5, $"seed {seed}: only {started.Length} of {SubscriptionCount} subscriptions began.");
    }

    /// <summary>Returns the indexes of the operations that succeeded.</summary>
    private static async Task<int[]> RunAsync(int count, Func<int, Task<bool>> run)
    {
        bool[] isGood = new bool[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, _) => isGood[index] = await run(index));
        return [.. Enumerable.Range(0, count).Where(index => isGood[index])];
    }

    private async Task<JsonElement> SendAsync(Api caller, RandomOperation operation, int index, Replica? replica = null)
    {
        using HttpResponseMessage response = await http.SendAsync(Request(caller, operation, "application/json", replica?.Address));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(
            (int)response.StatusCode < 500 && text.StartsWith('{'),
            $"seed {seed}, {index}: {(int)response.StatusCode} {text}\n{operation.Query}\n{operation.Variables.ToJsonString()}");
        var answer = JsonElement.Parse(text);
        Check(answer, operation, index);
        return answer;
    }

    private async Task<JsonElement> FirstAsync(Api caller, RandomOperation operation)
    {
        using HttpResponseMessage response = await http.SendAsync(Request(caller, operation, "text/event-stream"), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (true)
        {
            string line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))
                ?? throw new InvalidOperationException($"seed {seed}: the stream ended without a message.\n{operation.Query}");
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonElement.Parse(line["data: ".Length..]);
        }
    }

    private static HttpRequestMessage Request(Api caller, RandomOperation operation, string accept, Uri? address = null) =>
        new(HttpMethod.Post, new Uri(address ?? caller.Address, "/graphql"))
        {
            Content = JsonContent.Create(new { query = operation.Query, variables = operation.Variables }),
            Headers =
        {
            Accept = { new MediaTypeWithQualityHeaderValue(accept) },
            Authorization = caller.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null,
        },
        };

    private void Check(JsonElement answer, RandomOperation operation, int index)
    {
        if (!answer.TryGetProperty("errors", out JsonElement errors))
            return;
        Assert.All(errors.EnumerateArray(), error =>
        {
            string? code = error.GetProperty("extensions").GetProperty("code").GetString();
            Assert.False(mistakes.Contains(code), $"seed {seed}, {index}: {error.GetRawText()}\n{operation.Query}\n{operation.Variables.ToJsonString()}");
        });
    }
}
