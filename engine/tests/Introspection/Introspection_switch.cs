using System.Security.Claims;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Introspection;

/// <summary>A caller that may not see the schema gets errors without names from it, whoever sent the same document before.</summary>
public sealed class Introspection_switch
{
    private static readonly ClaimsPrincipal stranger = new();
    private static readonly ClaimsPrincipal known = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "token"));

    private readonly TestEngine engine = new(
        "type Query { colour(like: Like): String  self: Query } input Like { brightness: Int }",
        builder => builder.ResolvePure("Query.colour", _ => "red").ResolvePure("Query.self", query => query),
        options => options.AllowsIntrospection = user => user.Identity is { IsAuthenticated: true });

    [Theory]
    [InlineData("{ __schema { queryType { name } } }", "__schema", 3)]
    [InlineData("""{ colour other: __type(name: "Query") { name } }""", "__type", 10)]
    [InlineData("query($no: Boolean! = false) { colour ... @include(if: $no) { __schema { description } } }", "__schema", 63)]
    [InlineData("{ self { ...F } } fragment F on Query { self { __type(name: \"Query\") { kind } } }", "__type", 48)]
    public async Task An_introspection_query_is_refused_with_its_location(string document, string field, int column)
    {
        string answer = await AskAsync(stranger, document);

        Assert.StartsWith(
            $$$"""{"errors":[{"message":"You may not query the schema of this service: {{{field}}}.","locations":[{"line":1,"column":{{{column}}}}]""",
            answer,
            StringComparison.Ordinal);
        Assert.EndsWith($$$"""
            "extensions":{"code":"INTROSPECTION_DISABLED","field":"{{{field}}}"}}]}
            """, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("known first")]
    [InlineData("stranger first")]
    public async Task A_caller_never_gets_the_response_of_another(string order)
    {
        const string question = "{ __schema { queryType { name } } }";
        const string slip = "{ color }";
        bool isKnownFirst = order == "known first";
        await AskAsync(isKnownFirst ? known : stranger, question);
        await AskAsync(isKnownFirst ? known : stranger, slip);

        for (int round = 0; round < 2; round++)
        {
            Assert.Equal("""{"data":{"__schema":{"queryType":{"name":"Query"}}}}""", await AskAsync(known, question));
            Assert.Contains("INTROSPECTION_DISABLED", await AskAsync(stranger, question), StringComparison.Ordinal);
            Assert.Contains("Did you mean \\\"colour\\\"?", await AskAsync(known, slip), StringComparison.Ordinal);
            Assert.DoesNotContain("colour", await AskAsync(stranger, slip), StringComparison.Ordinal);
        }
        Assert.Equal(2, engine.Executor.CachedDocumentCount);
    }

    [Fact]
    public async Task The_name_of_an_objects_type_is_always_available() =>
        Assert.Equal("""{"data":{"__typename":"Query","self":{"t":"Query"}}}""", await AskAsync(stranger, "{ __typename self { t: __typename } }"));

    [Fact]
    public async Task An_invalid_document_gets_errors_without_names() =>
        Assert.Contains("GRAPHQL_VALIDATION_FAILED", await AskAsync(stranger, "{ __schema { nothing } }"), StringComparison.Ordinal);

    [Fact]
    public async Task A_mistake_in_a_variable_suggests_names_only_to_a_caller_that_may_see_the_schema()
    {
        const string document = "query ($like: Like) { colour(like: $like) }";
        var variables = new { like = new { brightnes = 1 } };

        Assert.Contains("Did you mean \\\"brightness\\\"?", await AskAsync(known, document, variables), StringComparison.Ordinal);
        Assert.DoesNotContain("brightness", await AskAsync(stranger, document, variables), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Introspection_is_open_unless_the_service_says_otherwise()
    {
        var open = new TestEngine("type Query { colour: String }", builder => builder.ResolvePure("Query.colour", _ => "red"));

        Assert.Contains("Did you mean \\\"colour\\\"?", await open.AnswerAsync("{ color }"), StringComparison.Ordinal);
        Assert.Equal("""{"data":{"__type":{"kind":"OBJECT"}}}""", await open.AnswerAsync("""{ __type(name: "Query") { kind } }"""));
    }

    private async Task<string> AskAsync(ClaimsPrincipal user, string document, object? variables = null)
    {
        GraphQLRequest request = engine.Request(document) with { User = user, Variables = JsonSerializer.SerializeToElement(variables) };
        using var result = (OperationResult)await engine.Executor.ExecuteAsync(request);
        return TestEngine.Text(result);
    }
}
