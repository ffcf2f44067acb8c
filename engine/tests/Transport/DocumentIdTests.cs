using System.Net;
using System.Text;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>A request may name its document instead of sending it, over every transport.</summary>
public sealed class DocumentIdTests
{
    private const string ByHash = """{"persistedQuery":{"version":1,"sha256Hash":"ab"}}""";

    [Fact]
    public async Task An_id_can_replace_the_text_in_a_body_a_URL_and_a_socket_message()
    {
        var executor = new StubExecutor().Answer("id:sha256:ab", StubResult.Data("1"));
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        using HttpResponseMessage posted = await server.Http.PostAsync("", Body("""{"documentId":"sha256:ab","variables":{"a":1}}"""));
        using HttpResponseMessage got = await server.Http.GetAsync("?documentId=sha256:ab");
        await client.SendAsync("""{"type":"subscribe","id":"1","payload":{"documentId":"sha256:ab"}}""");

        Assert.Equal("""{"data":1}""", await posted.Content.ReadAsStringAsync());
        Assert.Equal("""{"data":1}""", await got.Content.ReadAsStringAsync());
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":1}}""", await client.ReceiveAsync());
        Assert.All(executor.Requests, request => Assert.Equal((null, "sha256:ab"), (request.Query, request.DocumentId)));
    }

    /// <summary>As sent by clients in languages without null strings.</summary>
    [Fact]
    public async Task An_empty_string_counts_as_not_given_over_every_transport()
    {
        const string Empty = """{"query":"{ hello }","operationName":"","documentId":""}""";
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor, options => options.Batching = AllowedBatching.RequestBatching);
        using SocketClient client = await SocketClient.OpenAsync(server);

        using HttpResponseMessage posted = await server.Http.PostAsync("", Body(Empty));
        using HttpResponseMessage batch = await server.Http.PostAsync("", Body($"[{Empty}]"));
        using HttpResponseMessage got = await server.Http.GetAsync("?query={ hello }&operationName=&documentId=");
        await client.SendAsync($$"""{"type":"subscribe","id":"1","payload":{{Empty}}}""");
        await client.ReceiveAsync();

        Assert.Equal(4, executor.Requests.Count);
        Assert.All(executor.Requests, request => Assert.Equal(("{ hello }", null, null), (request.Query, request.OperationName, request.DocumentId)));
    }

    [Fact]
    public async Task A_hash_in_the_form_of_Apollo_clients_replaces_the_text()
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using HttpResponseMessage posted = await server.Http.PostAsync("", Body($$"""{"extensions":{{ByHash}}}"""));
        using HttpResponseMessage got = await server.Http.GetAsync("?extensions=" + ByHash);

        Assert.Equal(2, executor.Requests.Count);
        Assert.All(executor.Requests, request => Assert.True(AutomaticPersistedQuery.IsIn(request.Extensions)));
    }

    [Theory]
    [InlineData("""{"documentId":7}""")]
    [InlineData("""{"documentId":null}""")]
    [InlineData("""{"query":"","documentId":""}""")]
    [InlineData("""{"extensions":{"persistedQuery":null}}""")]
    [InlineData("""{"extensions":{"another":{}}}""")]
    public async Task A_request_that_names_no_document_is_refused(string body)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using HttpResponseMessage response = await server.Http.PostAsync("", Body(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(executor.Requests);
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
