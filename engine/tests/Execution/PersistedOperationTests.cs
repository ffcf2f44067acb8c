using System.Security.Claims;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class PersistedOperationTests
{
    private const string Text = "query A { a }  query B { b: a }";
    private const string Answer = """{"data":{"a":"a"}}""";
    private static readonly string Hash = OperationDocument.HashOf(Text);

    [Fact]
    public void The_hash_is_that_of_the_appendix_on_persisted_documents()
    {
        Assert.Equal("71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b", OperationDocument.HashOf("query($id:ID!){user(id:$id){name}}"));
        Assert.Equal(
            "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e",
            OperationDocument.HashOf("query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"));
    }

    [Theory]
    [InlineData("sha256:")]
    [InlineData("")]
    public async Task A_document_is_found_by_its_hash_with_and_without_the_prefix(string prefix)
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create(Hash, Text)]));

        Assert.Equal(Answer, await RunAsync(engine, new { DocumentId = prefix + Hash, OperationName = "A" }));
        Assert.Equal("""{"data":{"b":"a"}}""", await RunAsync(engine, new { DocumentId = prefix + Hash, OperationName = "B" }));
    }

    [Fact]
    public async Task A_document_is_found_by_its_custom_id_and_then_also_by_its_hash()
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create("start-page.v1", "{ a }")]));

        Assert.Equal(Answer, await RunAsync(engine, new { DocumentId = "start-page.v1" }));
        Assert.Equal(Answer, await RunAsync(engine, new { DocumentId = "sha256:" + OperationDocument.HashOf("{ a }") }));
        Assert.Equal(Answer, await RunAsync(engine, new { Sha256Hash = OperationDocument.HashOf("{ a }") }));
    }

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:7DBA4BD717B41F10434822356A93C32B1FB4907B983E854300AD839F84CDCD6E")]
    [InlineData("sha256:start")]
    [InlineData("md5:start")]
    [InlineData("../start")]
    [InlineData("")]
    [InlineData("start")]
    public async Task An_unknown_id_has_its_own_error_code(string id)
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create("begin", "{ a }")]));

        Assert.Equal(ErrorCodes.DocumentNotFound, await CodeAsync(engine, new { DocumentId = id }));
    }

    [Fact]
    public async Task A_document_of_one_caller_does_not_exist_for_another_even_after_use()
    {
        TestEngine engine = Engine(new OwnDocuments("ada", Text));

        Assert.Equal(Answer, await RunAsync(engine, new { DocumentId = Hash, OperationName = "A" }, "ada"));
        Assert.Equal(ErrorCodes.DocumentNotFound, await CodeAsync(engine, new { DocumentId = Hash, OperationName = "A" }, "bob"));
    }

    [Fact]
    public async Task A_known_document_is_parsed_once()
    {
        TestEngine engine = Engine(new OwnDocuments("ada", Text));

        for (int time = 0; time < 3; time++)
            await RunAsync(engine, new { DocumentId = Hash, OperationName = "A" }, "ada");

        Assert.Equal(1, engine.Executor.CachedDocumentCount);
    }

    [Fact]
    public async Task A_text_sent_with_an_id_must_be_that_of_the_document()
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create("own", "{ a }")]));

        Assert.Equal(Answer, await RunAsync(engine, new { Query = "{ a }", DocumentId = "own" }));
        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(engine, new { Query = "{ a a }", DocumentId = "own" }));
        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(engine, new { Query = "{ a }", DocumentId = "another" }));
        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(engine, new { Query = "{ a }", DocumentId = "sha256:" + Hash }));
        Assert.Equal(Answer, await RunAsync(engine, new { Query = "{ a }", DocumentId = "sha256:" + OperationDocument.HashOf("{ a }") }));
    }

    [Fact]
    public async Task A_stored_document_that_breaks_a_rule_returns_the_errors()
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create("old", "{ gone }"), KeyValuePair.Create("torn", "{ a")]));

        Assert.Equal(ErrorCodes.ValidationFailed, await CodeAsync(engine, new { DocumentId = "old" }));
        Assert.Equal(ErrorCodes.SyntaxError, await CodeAsync(engine, new { DocumentId = "torn" }));
    }

    [Fact]
    public async Task If_only_persisted_documents_are_allowed_other_texts_are_refused_unless_the_caller_is_exempt()
    {
        TestEngine engine = Engine(new OperationDocumentList([KeyValuePair.Create("own", "{ a }")]), rules =>
        {
            rules.OnlyAllowPersistedDocuments = true;
            rules.AllowAutomaticPersistedOperations = true;
            rules.AllowNonPersistedOperation = request => request.User.Identity?.Name == "ops";
        });
        string hash = OperationDocument.HashOf("{ b: a }");

        Assert.Equal(Answer, await RunAsync(engine, new { DocumentId = "own" }));
        Assert.Equal(Answer, await RunAsync(engine, new { Query = "{ a }", DocumentId = "own" }));
        Assert.Equal(ErrorCodes.DocumentNotPersisted, await CodeAsync(engine, new { Query = "{ a }" }));
        Assert.Equal(ErrorCodes.DocumentNotPersisted, await CodeAsync(engine, new { Query = "{ b: a }", Sha256Hash = hash }));
        Assert.Equal(Answer, await RunAsync(engine, new { Query = "{ a }" }, "ops"));

        // A document that an exempt caller has sent with its hash is not available to others for that.
        await RunAsync(engine, new { Query = "{ b: a }", Sha256Hash = hash }, "ops");
        Assert.Equal("""{"data":{"b":"a"}}""", await RunAsync(engine, new { Sha256Hash = hash }, "ops"));
        Assert.Equal(ErrorCodes.DocumentNotFound, await CodeAsync(engine, new { Sha256Hash = hash }));
    }

    private static TestEngine Engine(IOperationDocumentStorage storage, Action<PersistedOperationOptions>? configure = null) => new(
        "type Query { a: String }",
        builder => builder.ResolvePure("Query.a", _ => "a"),
        options => configure?.Invoke(options.PersistedOperations),
        register: services => services.AddSingleton(storage));

    internal static async Task<string> CodeAsync(TestEngine engine, object request, string? user = null)
    {
        using JsonDocument answer = JsonDocument.Parse(await RunAsync(engine, request, user));
        return Assert.Single(answer.RootElement.GetProperty("errors").EnumerateArray()).GetProperty("extensions").GetProperty("code").GetString()!;
    }

    internal static async Task<string> RunAsync(TestEngine engine, object request, string? user = null)
    {
        JsonElement given = JsonSerializer.SerializeToElement(request);
        string? Value(string name) => given.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request("") with
        {
            Query = Value("Query"),
            DocumentId = Value("DocumentId"),
            OperationName = Value("OperationName"),
            Extensions = Value("Sha256Hash") is { } hash
                ? JsonSerializer.SerializeToElement(new { persistedQuery = new { version = 1, sha256Hash = hash } })
                : default,
            User = new ClaimsPrincipal(new ClaimsIdentity(user is null ? [] : [new Claim(ClaimTypes.Name, user)])),
        });
        return TestEngine.Text(result);
    }

    private sealed class OwnDocuments(string owner, string text) : IOperationDocumentStorage
    {
        public ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation) =>
            new(user.Identity?.Name == owner && documentId == OperationDocument.HashOf(text) ? new OperationDocument(text, isPublic: false) : null);
    }
}
