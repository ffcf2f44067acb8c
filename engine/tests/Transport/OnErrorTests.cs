using System.Net;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>The request parameter <c>onError</c>, over every transport.</summary>
public sealed class OnErrorTests
{
    [Theory]
    [InlineData("PROPAGATE", ErrorHandling.Propagate)]
    [InlineData("NULL", ErrorHandling.Null)]
    [InlineData("HALT", ErrorHandling.Halt)]
    public async Task It_can_be_sent_in_a_body_a_URL_or_a_socket_message(string text, ErrorHandling expected)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        using HttpResponseMessage posted = await server.Http.PostAsync("", Body($$"""{"query":"{ hello }","onError":"{{text}}"}"""));
        using HttpResponseMessage got = await server.Http.GetAsync($"?query={{ hello }}&onError={text}");
        await client.SendAsync($$$"""{"type":"subscribe","id":"1","payload":{"query":"{ hello }","onError":"{{{text}}}"}}""");
        await client.ReceiveAsync();

        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        Assert.Equal([expected, expected, expected], executor.Requests.Select(request => request.OnError));
    }

    [Theory]
    [InlineData("""{"query":"{ hello }"}""")]
    [InlineData("""{"query":"{ hello }","onError":null}""")]
    public async Task When_absent_or_null_the_server_chooses(string body)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using HttpResponseMessage response = await server.Http.PostAsync("", Body(body));

        Assert.Null(Assert.Single(executor.Requests).OnError);
    }

    [Theory]
    [InlineData("\"IGNORE\"")]
    [InlineData("\"null\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public async Task Anything_else_is_refused(string value)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using HttpResponseMessage posted = await server.Http.PostAsync("", Body($$"""{"query":"{ hello }","onError":{{value}}}"""));
        using HttpResponseMessage got = await server.Http.GetAsync($"?query={{ hello }}&onError=IGNORE");

        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, got.StatusCode);
        Assert.Contains("onError", await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.BadRequest, await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(executor.Requests);
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
