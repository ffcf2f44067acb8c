using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;

using static Mycelium.GraphQL.Engine.Tests.Execution.PersistedOperationTests;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class AutomaticPersistedQueryTests
{
    private static readonly string Hash = OperationDocument.HashOf("{ a }");

    [Fact]
    public async Task A_hash_is_unknown_until_it_is_sent_with_its_text()
    {
        TestEngine engine = Engine();

        Assert.Equal(
            """{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]}""",
            await RunAsync(engine, new { Sha256Hash = Hash }));
        Assert.Equal("""{"data":{"a":"a"}}""", await RunAsync(engine, new { Sha256Hash = Hash, Query = "{ a }" }));
        Assert.Equal("""{"data":{"a":"a"}}""", await RunAsync(engine, new { Sha256Hash = Hash }));
    }

    [Fact]
    public async Task A_text_with_the_wrong_hash_is_refused_and_not_stored()
    {
        TestEngine engine = Engine();

        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(engine, new { Sha256Hash = Hash, Query = "{ evil: a }" }));
        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(engine, new { Sha256Hash = "short", Query = "{ a }" }));
        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(engine, new { Sha256Hash = Hash }));
    }

    [Theory]
    [InlineData("{ missing }", ErrorCodes.ValidationFailed)]
    [InlineData("{ a", ErrorCodes.SyntaxError)]
    public async Task An_invalid_document_is_not_stored(string text, string code)
    {
        TestEngine engine = Engine();
        string hash = OperationDocument.HashOf(text);

        Assert.Equal(code, await CodeAsync(engine, new { Sha256Hash = hash, Query = text }));
        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(engine, new { Sha256Hash = hash }));
    }

    [Fact]
    public async Task Stored_documents_are_limited_and_those_in_use_stay()
    {
        TestEngine engine = Engine(rules => rules.AutomaticDocumentCountMax = 4);
        await RunAsync(engine, new { Sha256Hash = Hash, Query = "{ a }" });

        for (int i = 0; i < 20; i++)
        {
            string text = $"{{ a{i}: a }}";
            await RunAsync(engine, new { Sha256Hash = OperationDocument.HashOf(text), Query = text });
            Assert.Equal("""{"data":{"a":"a"}}""", await RunAsync(engine, new { Sha256Hash = Hash }));
        }

        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(engine, new { Sha256Hash = OperationDocument.HashOf("{ a0: a }") }));
    }

    [Fact]
    public async Task A_document_id_does_not_find_a_document_that_nobody_has_approved()
    {
        TestEngine engine = Engine();
        await RunAsync(engine, new { Sha256Hash = Hash, Query = "{ a }" });

        Assert.Equal(ErrorCodes.DocumentNotFound, await CodeAsync(engine, new { DocumentId = "sha256:" + Hash }));
    }

    [Fact]
    public async Task A_server_without_persisted_queries_says_so_and_runs_the_text()
    {
        TestEngine engine = Engine(rules => rules.AllowAutomaticPersistedOperations = false);

        Assert.Equal(ErrorCodes.PersistedQueryNotSupported, await CodeAsync(engine, new { Sha256Hash = Hash }));
        Assert.Equal("""{"data":{"a":"a"}}""", await RunAsync(engine, new { Sha256Hash = Hash, Query = "{ a }" }));
        Assert.Equal(ErrorCodes.PersistedQueryNotSupported, await CodeAsync(engine, new { Sha256Hash = Hash }));
    }

    private static TestEngine Engine(Action<PersistedOperationOptions>? configure = null) => new(
        "type Query { a: String }",
        builder => builder.ResolvePure("Query.a", _ => "a"),
        options =>
        {
            options.PersistedOperations.AllowAutomaticPersistedOperations = true;
            configure?.Invoke(options.PersistedOperations);
        });
}
