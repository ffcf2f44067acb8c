using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Relay;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

public sealed class Code_first_execution : IDisposable
{
    private static readonly string[] Tags = ["a", "b"];

    private readonly ServiceProvider services = Market.Services();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Properties_methods_bound_types_and_ids_are_shown()
    {
        string response = await services.RunAsync(
            """{ stall(by: { name: "North" }) { id name motto state goods { title price } goodCount neighbourId openedAt notes } firstStallId }""");

        string expected = """
            {"data":{"stall":{"id":"<1>","name":"North","motto":"none","state":"OPEN_NOW","goods":[{"title":"Apple","price":"0.25"}],
            "goodCount":1,"neighbourId":"<2>","openedAt":"2026-01-31T11:00:00Z","notes":null},"firstStallId":"<1>"}}
            """;
        Assert.Equal(
            expected.ReplaceLineEndings("").Replace("<1>", Id(1), StringComparison.Ordinal).Replace("<2>", Id(2), StringComparison.Ordinal),
            response);
    }

    [Fact]
    public async Task Services_sequences_and_defaults_reach_resolvers()
    {
        Assert.Equal("""{"data":{"now":"2026-01-31T11:00:00Z","count":[1,2,3],"one":[1]}}""", await services.RunAsync("{ now count one: count(to: 1) }"));
    }

    [Fact]
    public async Task A_service_of_the_field_lives_until_its_sequence_is_read()
    {
        Assert.Equal("""{"data":{"ledgerLines":["opened","closed"]}}""", await services.RunAsync("{ ledgerLines }"));

        Assert.All(Ledger.Made, ledger => Assert.True(ledger.IsDisposed));
        Assert.NotEmpty(Ledger.Made);
    }

    [Theory]
    [InlineData("Stall", "1", """{"data":{"node":{"__typename":"Stall","name":"North"}}}""")]
    [InlineData("Stall", "3", """{"data":{"node":null}}""")]
    [InlineData("Shop", "1", """{"data":{"node":null}}""")]
    public async Task Node_finds_an_object_by_its_global_id(string type, string value, string expected)
    {
        Assert.Equal(
            expected,
            await services.RunAsync("query($id: ID!) { node(id: $id) { __typename ... on Stall { name } } }", new { id = NodeId.Encode(type, value) }));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("not base64!")]
    [InlineData("U3RhbGw6eA==")] // Stall:x
    public async Task A_malformed_id_is_the_callers_mistake(string id)
    {
        string response = await services.RunAsync("query($id: ID!) { node(id: $id) { id } }", new { id });

        Assert.Contains("BAD_USER_INPUT", response, StringComparison.Ordinal);
        Assert.Contains("\"data\":{\"node\":null}", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_keep_the_order_of_their_ids_with_null_for_missing_ones()
    {
        string response = await services.RunAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = new[] { Id(2), Id(9), Id(1) } });

        Assert.Equal($$$"""{"data":{"nodes":[{"id":"{{{Id(2)}}}"},null,{"id":"{{{Id(1)}}}"}]}}""", response);
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("")]
    [InlineData("U3RhbGw6")]
    [InlineData("U3RhbGw6bm9uZQ==")]
    public async Task A_malformed_id_only_fails_its_own_item(string bad)
    {
        string error = $$"""
            "message":"`ids[1]`: \"{{bad}}\" is not an ID from this API; use one you received.","locations":[{"line":1,"column":23}]
            """;

        Assert.Equal(
            $$$"""{"errors":[{{{{error}}},"path":["nodes",1],"extensions":{"code":"BAD_USER_INPUT"}}],"data":{"nodes":[{"id":"{{{Id(2)}}}"},null,"""
                + $$$"""{"id":"{{{Id(1)}}}"},{"id":"{{{Id(2)}}}"}]}}""",
            await services.RunAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = new[] { Id(2), bad, Id(1), Id(2) } }));
        Assert.Equal(
            $$$"""{"errors":[{{{{error.Replace("ids[1]", "id", StringComparison.Ordinal).Replace("23", "19", StringComparison.Ordinal)}}},"path":"""
                + $$$"""["node"],"extensions":{"code":"BAD_USER_INPUT"}}],"data":{"node":null}}""",
            await services.RunAsync("query($id: ID!) { node(id: $id) { id } }", new { id = bad }));
    }

    [Fact]
    public async Task An_id_of_an_unknown_type_or_object_is_null_without_an_error() => Assert.Equal(
        """{"data":{"nodes":[null,null]}}""",
        await services.RunAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = new[] { NodeId.Encode("Unheard", 1), Id(999) } }));

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public async Task The_number_of_nodes_is_limited(int count, bool isRefused)
    {
        string response = await services.RunAsync("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = Enumerable.Repeat(Id(1), count) });

        Assert.Equal(isRefused, response.Contains("LIMIT_EXCEEDED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_id_of_the_wrong_type_is_refused()
    {
        string response = await services.RunAsync("query($id: ID!) { stall(by: { id: $id }) { name } }", new { id = NodeId.Encode("Shop", 1) });

        Assert.Contains("`by.id` must be a Stall ID, not a Shop ID.", response, StringComparison.Ordinal);
        Assert.Contains("BAD_USER_INPUT", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_record_receives_ids_bound_types_defaults_lists_and_absent_values()
    {
        string buy = "mutation($input: BuyInput!) { buy(input: $input) { ... on Bought { good { title price } note } ... on SoldOut { message } } }";

        Assert.Equal(
            """{"data":{"buy":{"good":{"title":"Apple","price":"0.25"},"note":"not given, tags: a, b, at most 0.30"}}}""",
            await services.RunAsync(buy, new { input = new { stallId = Id(1), title = "Apple", tags = Tags, atMost = 0.3 } }));
        Assert.Equal(
            """{"data":{"buy":{"good":{"title":"Apple","price":"0.5"},"note":"null, tags: a, at most -"}}}""",
            await services.RunAsync(buy, new { input = new { stallId = Id(1), title = "Apple", count = 2, note = (string?)null, tags = "a" } }));
        Assert.Equal(
            """{"data":{"buy":{"message":"Pear is sold out."}}}""",
            await services.RunAsync(buy, new { input = new { stallId = Id(1), title = "Pear" } }));
    }

    [Fact]
    public async Task A_value_out_of_the_range_of_its_unit_is_refused_with_its_path()
    {
        string response = await services.RunAsync(
            "mutation($input: BuyInput!) { buy(input: $input) { __typename } }", new { input = new { stallId = Id(1), title = "Apple", atMost = "-1" } });

        Assert.Contains("`$input.atMost`: -1 is out of range.", response, StringComparison.Ordinal);
        Assert.DoesNotContain("\"data\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_can_require_a_signed_in_viewer_with_a_role()
    {
        const string Query = """{ stall(by: { name: "North" }) { takings } }""";

        Assert.Contains("UNAUTHENTICATED", await services.RunAsync(Query), StringComparison.Ordinal);
        Assert.Contains("FORBIDDEN", await services.RunAsync(Query, user: Running.SignedIn("renter")), StringComparison.Ordinal);
        Assert.Equal("""{"data":{"stall":{"takings":"12.00"}}}""", await services.RunAsync(Query, user: Running.SignedIn("farmer")));
    }

    [Fact]
    public async Task A_type_can_require_a_signed_in_viewer_for_all_its_fields_except_some()
    {
        const string Query = "{ office { open plan } }";

        string anonymous = await services.RunAsync(Query);

        Assert.Contains(
            """{"data":{"office":{"open":true,"plan":null}}""", "{" + anonymous[anonymous.IndexOf("\"data\"", StringComparison.Ordinal)..],
            StringComparison.Ordinal);
        Assert.Equal("""{"data":{"office":{"open":true,"plan":"grow"}}}""", await services.RunAsync(Query, user: Running.SignedIn()));
    }

    [Fact]
    public async Task A_subscription_executes_for_each_event_of_its_source_stream()
    {
        IReadOnlyList<string> all = await services.SubscribeAsync("subscription { onStallChanged { name } }");
        IReadOnlyList<string> one = await services.SubscribeAsync("subscription($only: [ID!]) { onStallChanged(only: $only) { name } }", new { only = Id(2) });

        Assert.Equal(["""{"data":{"onStallChanged":{"name":"North"}}}""", """{"data":{"onStallChanged":{"name":"South"}}}"""], all);
        Assert.Equal(["""{"data":{"onStallChanged":{"name":"South"}}}"""], one);
    }

    private static string Id(long value) => NodeId.Encode("Stall", value);
}
