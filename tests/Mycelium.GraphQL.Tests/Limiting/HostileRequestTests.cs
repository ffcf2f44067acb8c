using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Limiting;

/// <summary>
/// Requests as scanners send them, to a service that hides its schema: each is refused in a form that a client can
/// read, and none causes an internal error.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class HostileRequestTests(ApiHost host) : IAsyncLifetime
{
    private Replica replica = null!;
    private Api anyone = null!;

    public Task InitializeAsync()
    {
        replica = host.StartReplica(("environment", "Production"), ("Introspection:AllowedTo", "nobody"), ("Http:Batching", "RequestBatching"));
        anyone = host.Client(address: replica.Address);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await replica.DisposeAsync();

    [Fact]
    public void The_service_runs_as_in_production() => Assert.True(replica.Get<IHostEnvironment>().IsProduction());

    [Fact]
    public async Task A_batch_that_is_too_large_is_refused_as_a_whole()
    {
        using HttpResponseMessage response = await anyone.PostAsync("/graphql", Enumerable.Repeat(new { query = "{ __typename }" }, Limits.BatchMax + 1));

        string answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("LIMIT_EXCEEDED", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"data\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_costs_the_sum_of_its_operations()
    {
        const string query = "{ gridNodes(first: 100) { totalCount nodes { id farm { name } gpus { id } sliceCombinations { id pricePerHour } } } }";
        JsonElement cost = (await anyone.SendAsync(query)).GetProperty("extensions").GetProperty("operationCost");
        int affordable = (int)Math.Min(
            Limits.AnonymousCost.MaxFieldCost / cost.GetProperty("fieldCost").GetDouble(),
            Limits.AnonymousCost.MaxTypeCost / cost.GetProperty("typeCost").GetDouble());
        Assert.InRange(affordable, 1, Limits.BatchMax - 1);

        using HttpResponseMessage response = await anyone.PostAsync("/graphql", Enumerable.Repeat(new { query }, Limits.BatchMax));

        JsonElement[] answers = [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray()];
        Assert.Equal(Limits.BatchMax, answers.Length);
        Assert.Equal(affordable, answers.Count(answer => answer.TryGetProperty("data", out _)));
        Assert.All(answers.Where(answer => !answer.TryGetProperty("data", out _)), refused =>
            Assert.Equal("LIMIT_EXCEEDED", refused.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("aliases")]
    [InlineData("repeatedFields")]
    [InlineData("directives")]
    [InlineData("fieldCycleDepth")]
    [InlineData("nodes.ids")]
    [InlineData("pageSize")]
    [InlineData("sortKeys")]
    [InlineData("filterComparisons")]
    [InlineData("filterDepth")]
    [InlineData("filterValues")]
    [InlineData("maxTokens")]
    [InlineData("maxFields")]
    [InlineData("typeCost")]
    public async Task A_request_over_a_limit_is_refused_with_the_name_of_the_limit(string limit)
    {
        JsonElement answer = await anyone.SendAsync(Over(limit));

        JsonElement error = answer.GetProperty("errors").EnumerateArray().Last().GetProperty("extensions");
        Assert.Equal("LIMIT_EXCEEDED", error.GetProperty("code").GetString());
        Assert.Equal(limit, error.GetProperty("limit").GetString());
        Assert.True(error.GetProperty("max").GetInt32() > 0);
    }

    [Theory]
    [InlineData("{ __schema { types { name } } }")]
    [InlineData("{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }")]
    [InlineData("{ sliceCombination { id } }")]
    [InlineData("{ sliceCombinations { nodes { nod { id } } } }")]
    [InlineData("mutation { rentSlice(input: {}) { __typename } }")]
    public async Task A_stranger_learns_nothing_of_the_schema(string query)
    {
        string answer = (await anyone.SendAsync(query)).GetRawText();

        Assert.StartsWith("{\"errors\":[", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("INTERNAL", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_unknown_directives_do_not_give_ten_errors()
    {
        JsonElement answer = await anyone.SendAsync($"{{ {string.Join(' ', Enumerable.Range(0, 10).Select(n => $"__typename @d{n}"))} }}");

        Assert.InRange(answer.GetProperty("errors").GetArrayLength(), 1, 9);
        Assert.Equal("LIMIT_EXCEEDED", answer.GetProperty("errors").EnumerateArray().Last().GetProperty("extensions").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/graphql?query=mutation%7BunpublishNode(input:%7BnodeId:1%7D)%7B__typename%7D%7D")]
    public async Task A_mutation_over_GET_is_refused(string path)
    {
        using HttpResponseMessage response = await anyone.GetAsync(path);

        Assert.Equal(405, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "query=%7B__typename%7D")]
    [InlineData("text/plain", "{\"query\":\"{__typename}\"}")]
    [InlineData("application/graphql", "{__typename}")]
    public async Task A_content_type_that_any_page_can_send_is_refused(string contentType, string body)
    {
        using var http = new HttpClient { BaseAddress = anyone.Address };
        using var content = new StringContent(body, System.Text.Encoding.UTF8, contentType);

        using HttpResponseMessage response = await http.PostAsync("/graphql", content);

        Assert.Equal(415, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_chain_of_five_thousand_fragments_and_a_thousand_levels_are_refused_and_the_service_survives()
    {
        string fragments = string.Concat(Enumerable.Range(0, 5_000).Select(n => $"fragment F{n} on Query {{ ...F{n + 1} }} "));
        string chain = $"{{ ...F0 }} {fragments}fragment F5000 on Query {{ __typename }}";
        string deep = $"{{ a: {new string('[', 1_000)} }}";

        foreach (string query in (string[])[chain, deep, new string('{', 100_000)])
        {
            string answer = (await anyone.SendAsync(query)).GetRawText();
            Assert.StartsWith("{\"errors\":[", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("INTERNAL", answer, StringComparison.Ordinal);
        }
        Assert.Equal("Query", (await anyone.DataAsync("{ __typename }")).GetProperty("__typename").GetString());
    }

    private static string Over(string limit) => limit switch
    {
        "aliases" => $"{{ {Many(Limits.AliasesMax + 1, n => $"a{n}: __typename")} }}",
        "repeatedFields" => $"{{ {Many(Limits.RepeatedFieldsMax + 2, _ => "__typename")} }}",
        "directives" => $"{{ __typename {Many(Limits.DirectivesMax + 1, n => $"@d{n}")} }}",
        "fieldCycleDepth" => $"{{ gridNodes {{ nodes {{ {Cycles(_ => "sliceCombinations { gridNode {")} id {Cycles(_ => "} }")} }} }} }}",
        "pageSize" => "{ gridNodes(first: 1000) { nodes { id } } }",
        "sortKeys" => $"{{ gridNodes(order: [{Many(11, _ => "{ city: ASC }")}]) {{ nodes {{ id }} }} }}",
        "filterComparisons" => $"{{ gridNodes(where: {{ or: [{Many(101, n => $"{{ gridId: {{ eq: {n} }} }}")}] }}) {{ nodes {{ id }} }} }}",
        "filterDepth" => $"{{ gridNodes(where: {Many(11, _ => "{ not:")} {{ city: {{ eq: \"a\" }} }} {Many(11, _ => "}")}) {{ nodes {{ id }} }} }}",
        "filterValues" => $"{{ gridNodes(where: {{ gridId: {{ in: [{Many(1_001, n => $"{n}")}] }} }}) {{ nodes {{ id }} }} }}",
        "maxTokens" => $"{{ gridNodes(where: {{ gridId: {{ in: [{Many(Limits.DocumentTokensMax, _ => "1")}] }} }}) {{ totalCount }} }}",
        "maxFields" => $"{{ {Many(Limits.DocumentFieldsMax + 1, _ => "__typename")} }}",
        "typeCost" => "{ gridNodes(first: 100) { nodes { sliceCombinations { gridNode { farm { gridNodes(first: 100) { nodes { farm { id } } } } } } } } }",
        _ => $"{{ nodes(ids: [{Many(51, n => $"\"{n}\",")}]) {{ id }} }}",
    };

    private static string Cycles(Func<int, string> make) => Many(Limits.FieldCycleDepthMax + 1, make);

    private static string Many(int count, Func<int, string> make) =>
        string.Join(' ', Enumerable.Range(0, count).Select(n => make(n).ToString(CultureInfo.InvariantCulture)));
}
