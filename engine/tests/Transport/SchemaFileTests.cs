using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.SchemaFirst;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

public sealed class SchemaFileTests
{
    [Fact]
    public async Task The_schema_is_served_as_SDL_and_not_sent_again_to_clients_that_have_it()
    {
        await using TransportServer server = await StartAsync();

        using HttpResponseMessage first = await server.Http.GetAsync("?sdl");
        using var again = new HttpRequestMessage(HttpMethod.Get, "?sdl");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await server.Http.SendAsync(again);
        using var older = new HttpRequestMessage(HttpMethod.Get, "?sdl");
        older.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"0123\""));
        using HttpResponseMessage third = await server.Http.SendAsync(older);

        Assert.Equal("type Query {\n  hello: String!\n}\n", await first.Content.ReadAsStringAsync());
        Assert.Equal("application/graphql", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task HEAD_only_returns_the_tag()
    {
        await using TransportServer server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/graphql/schema");

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotNull(response.Headers.ETag);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "?sdl", true, 403, "INTROSPECTION_DISABLED")]
    [InlineData("GET", "/graphql/schema", true, 403, "INTROSPECTION_DISABLED")]
    [InlineData("POST", "/graphql/schema", false, 405, "BAD_REQUEST")]
    public async Task A_caller_that_may_not_see_it_is_refused(string method, string address, bool isHidden, int status, string code)
    {
        await using TransportServer server = await StartAsync(isHidden);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        string body = await response.Content.ReadAsStringAsync();
        Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", body, StringComparison.Ordinal);
    }

    private static Task<TransportServer> StartAsync(bool isHidden = false) => TransportServer.StartAsync(services =>
    {
        services.AddGraphQLServer().ModifyRequestOptions(options => options.AllowsIntrospection = _ => !isHidden);
        services.AddSingleton(SchemaBuilder.FromSdl("type Query { hello: String! }").Build());
    });
}
