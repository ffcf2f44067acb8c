using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class CostLimitTests
{
    [Fact]
    public async Task An_operation_over_its_limits_is_refused_before_it_starts()
    {
        TestEngine engine = CostWorld.Engine(costs => (costs.MaxFieldCost, costs.MaxTypeCost) = (9, 1));

        Assert.Equal(
            """{"errors":[{"message":"The operation has a fieldCost of 10; at most 9 is allowed. Ask for fewer items or """
                + """fields.","extensions":{"code":"LIMIT_EXCEEDED","limit":"fieldCost","max":9,"fieldCost":10,"maxFieldCost":9}},"""
                + """{"message":"The operation has a typeCost of 2; at most 1 is allowed. Ask for fewer """
                + """items.","extensions":{"code":"LIMIT_EXCEEDED","limit":"typeCost","max":1,"typeCost":2,"maxTypeCost":1}}]}""",
            await engine.AnswerAsync("{ one { name } }"));
        Assert.Equal("""{"data":{"text":"t"}}""", await engine.AnswerAsync("{ text }"));
    }

    [Fact]
    public async Task At_the_limit_it_is_accepted()
    {
        TestEngine engine = CostWorld.Engine(costs => (costs.MaxFieldCost, costs.MaxTypeCost) = (10, 2));

        Assert.Equal("""{"data":{"one":null}}""", await engine.AnswerAsync("{ one { name } }"));
    }

    [Fact]
    public async Task A_cost_beyond_all_numbers_is_refused_too()
    {
        TestEngine engine = CostWorld.Engine(costs => costs.MaxTypeCost = 1e9);
        string query = $"{string.Concat(Enumerable.Repeat("{ things(first: 2147483647) ", 41))} {{ name }} {new string('}', 41)}";

        string answer = await engine.AnswerAsync(query);

        Assert.Contains("\"limit\":\"typeCost\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_enforcement_nothing_is_refused()
    {
        TestEngine engine = CostWorld.Engine(costs => (costs.MaxFieldCost, costs.EnforceCostLimits) = (1, false));

        Assert.Equal("""{"data":{"one":null}}""", await engine.AnswerAsync("{ one { name } }"));
    }

    [Fact]
    public async Task A_request_may_ask_for_its_cost_and_the_server_may_always_report_it()
    {
        TestEngine asked = CostWorld.Engine(), always = CostWorld.Engine(costs => costs.ReportCost = true);
        const string WithCost = """{"data":{"one":null},"extensions":{"operationCost":{"fieldCost":10,"typeCost":2}}}""";

        using var result = (OperationResult)await asked.Executor.ExecuteAsync(asked.Request("{ one { name } }") with { Cost = CostMode.Report });

        Assert.Equal(WithCost, TestEngine.Text(result));
        Assert.Equal(WithCost, await always.AnswerAsync("{ one { name } }"));
    }

    [Fact]
    public async Task The_cost_is_next_to_other_extensions()
    {
        var engine = new TestEngine("type Query { a: Int }", builder => builder.Resolve("Query.a", context =>
        {
            context.SetResponseExtension("more", true);
            return new((object?)1);
        }), options => options.Cost.ReportCost = true);

        Assert.Equal("""{"data":{"a":1},"extensions":{"operationCost":{"fieldCost":0,"typeCost":1},"more":true}}""", await engine.AnswerAsync("{ a }"));
    }

    [Fact]
    public async Task A_request_that_only_asks_for_its_cost_executes_nothing()
    {
        bool isExecuted = false;
        var engine = new TestEngine("type Query { a: Int }", builder => builder.ResolvePure("Query.a", _ => isExecuted = true));

        using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request("{ a }") with { Cost = CostMode.Validate });

        Assert.Equal("""{"extensions":{"operationCost":{"fieldCost":0,"typeCost":1}}}""", TestEngine.Text(result));
        Assert.False(isExecuted);
    }

    [Fact]
    public async Task The_host_sets_limits_by_caller()
    {
        TestEngine engine = CostWorld.Engine(limits: new ByOperationName());

        Assert.StartsWith("""{"errors":""", await engine.AnswerAsync("query Poor { one { name } }", operationName: "Poor"), StringComparison.Ordinal);
        Assert.StartsWith("""{"data":""", await engine.AnswerAsync("query Rich { one { name } }", operationName: "Rich"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_requests_of_a_batch_share_one_budget_and_a_refused_one_spends_nothing()
    {
        TestEngine engine = CostWorld.Engine(costs => costs.MaxFieldCost = 25);
        var budget = new CostBudget();
        var answers = new List<string>();

        foreach (string query in (string[])["{ one { name } }", "{ a: one { name } b: one { name } }", "{ one { name } }", "{ one { name } }"])
        {
            using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request(query) with { CostBudget = budget });
            answers.Add(TestEngine.Text(result));
        }

        Assert.Equal("""{"data":{"one":null}}""", answers[0]);
        Assert.Contains("The batch, up to this operation, has a fieldCost of 30; at most 25 is allowed.", answers[1], StringComparison.Ordinal);
        Assert.Equal("""{"data":{"one":null}}""", answers[2]);
        Assert.Contains("\"fieldCost\":30,\"maxFieldCost\":25", answers[3], StringComparison.Ordinal);
        Assert.Equal(new OperationCost(20, 4), budget.Spent);
    }

    [Fact]
    public async Task The_cost_of_a_subscription_is_reported_with_each_event()
    {
        TestEngine engine = CostWorld.Engine(costs => costs.MaxFieldCost = 2);

        Assert.Contains(
            "\"fieldCost\":3", TestEngine.Text((OperationResult)await engine.ExecuteAsync("subscription { changes { name other { name } } }")),
            StringComparison.Ordinal);
        var stream = (ResponseStream)await engine.Executor.ExecuteAsync(engine.Request("subscription { changes { name } }") with { Cost = CostMode.Report });
        await foreach (OperationResult result in stream.ReadResultsAsync())
        {
            using (result)
                Assert.Equal("""{"data":{"changes":{"name":null}},"extensions":{"operationCost":{"fieldCost":2,"typeCost":2}}}""", TestEngine.Text(result));
        }
    }

    private sealed class ByOperationName : ICostLimits
    {
        public CostLimits For(GraphQLRequest request) => request.OperationName == "Rich" ? new CostLimits(10, 10) : new CostLimits(9, 9);
    }
}
