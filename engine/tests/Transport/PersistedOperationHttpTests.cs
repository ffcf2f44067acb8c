using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>Each persisted document has its own URL, where caches may keep what is the same for everyone.</summary>
public sealed class PersistedOperationHttpTests
{
    [Fact]
    public async Task A_public_response_has_a_lifetime_and_a_tag_for_caches()
    {
        await using TransportServer server = await StartAsync();

        using HttpResponseMessage first = await server.Http.GetAsync("/graphql/persisted/tide");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/graphql/persisted/tide") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using HttpResponseMessage second = await server.Http.SendAsync(again);

        Assert.Equal("""{"data":{"tide":3}}""", await first.Content.ReadAsStringAsync());
        Assert.Equal("public, max-age=5", first.Headers.CacheControl?.ToString());
        Assert.Equal(["Accept"], first.Headers.Vary);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal("public, max-age=5", second.Headers.CacheControl?.ToString());
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "/graphql/persisted/own")]
    [InlineData("GET", "/graphql/persisted/broken")]
    [InlineData("GET", "/graphql/persisted/unknown")]
    [InlineData("POST", "/graphql/persisted/tide")]
    [InlineData("GET", "/graphql?query={ tide }")]
    public async Task Everything_else_is_not_cached(string method, string address)
    {
        await using TransportServer server = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = method == "POST" ? Body("{}") : null };

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Null(response.Headers.ETag);
    }

    [Theory]
    [InlineData("/graphql/persisted/several/A", """{"data":{"a":3}}""")]
    [InlineData("/graphql/persisted/several/B?variables={\"days\":2}", """{"data":{"b":5}}""")]
    [InlineData("/graphql/persisted/several?operationName=A", """{"data":{"a":3}}""")]
    [InlineData("/graphql/persisted/several/A?query={own}&documentId=own&operationName=B", """{"data":{"a":3}}""")]
    [InlineData("/graphql?documentId=tide", """{"data":{"tide":3}}""")]
    public async Task The_URL_selects_the_operation(string address, string expected)
    {
        await using TransportServer server = await StartAsync();

        Assert.Equal(expected, await server.Http.GetStringAsync(address));
    }

    [Fact]
    public async Task A_body_contains_the_variables_of_the_operation_in_the_URL()
    {
        await using TransportServer server = await StartAsync();

        using HttpResponseMessage response = await server.Http.PostAsync(
            "/graphql/persisted/several/B", Body("""{"variables":{"days":4},"query":"{ own }"}"""));
        using HttpResponseMessage changed = await server.Http.PostAsync("/graphql/persisted/change", Body("{}"));

        Assert.Equal("""{"data":{"b":7}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"data":{"flood":"wet"}}""", await changed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_mutation_is_refused_over_get_and_other_methods_are_always_refused()
    {
        await using TransportServer server = await StartAsync();
        using var put = new HttpRequestMessage(HttpMethod.Put, "/graphql/persisted/tide");

        using HttpResponseMessage mutation = await server.Http.GetAsync("/graphql/persisted/change");
        using HttpResponseMessage method = await server.Http.SendAsync(put);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, mutation.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
    }

    [Theory]
    [InlineData("/graphql?documentId=tide", 200)]
    [InlineData("/graphql/persisted/tide", 200)]
    [InlineData("/graphql?query={ tide }", 400)]
    [InlineData("/graphql?query={ tide }&documentId=tide", 400)]
    public async Task A_page_of_another_site_can_only_send_persisted_documents(string address, int expected)
    {
        await using TransportServer server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Sec-Fetch-Site", "cross-site" } } };

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private static Task<TransportServer> StartAsync() => TransportServer.StartAsync(
        services => services.AddGraphQLServer().AddCacheControl().AddQueryType(typeof(Sea)).AddMutationType(typeof(Change))
            .AddOperationDocumentStorage(new OperationDocumentList(
            [
                KeyValuePair.Create("tide", "{ tide }"),
                KeyValuePair.Create("own", "{ tide own }"),
                KeyValuePair.Create("broken", "{ broken }"),
                KeyValuePair.Create("several", "query A { a: tide } query B($days: Int!) { b: tide(days: $days) }"),
                KeyValuePair.Create("change", "mutation { flood }"),
            ])));

    public static class Sea
    {
        [CacheControl(5)]
        public static int GetTide(int days = 0) => 3 + days;

        public static string GetOwn() => "mine";

        [CacheControl(5)]
        public static string? GetBroken() => throw new InvalidOperationException();
    }

    public static class Change
    {
        public static string Flood() => "wet";
    }
}
