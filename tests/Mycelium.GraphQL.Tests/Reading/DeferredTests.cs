using System.Net.Http.Headers;
using System.Net.Http.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>A page whose slow part follows the rest, over the real host.</summary>
[Collection(ApiCollection.Name)]
public sealed class DeferredTests(ApiHost host)
{
    private const string Query = "{ __typename ... @defer(label: \"nodes\") { gridNodes(first: 1) { totalCount } } }";

    [Theory]
    [InlineData("multipart/mixed")]
    [InlineData("text/event-stream")]
    public async Task A_deferred_part_follows_the_rest_when_the_client_accepts_parts(string accept)
    {
        string answer = await SendAsync(accept);

        int first = answer.IndexOf("\"pending\":[{\"id\":\"0\",\"path\":[],\"label\":\"nodes\"}],\"hasNext\":true", StringComparison.Ordinal);
        int last = answer.IndexOf("{\"hasNext\":false,\"incremental\":[{\"id\":\"0\",\"data\":{\"gridNodes\":{\"totalCount\":", StringComparison.Ordinal);
        Assert.True(first > 0 && last > first, answer);
    }

    [Fact]
    public async Task The_whole_response_comes_at_once_when_it_does_not()
    {
        string answer = await SendAsync("application/json");

        Assert.StartsWith("{\"data\":{\"__typename\":\"Query\",\"gridNodes\":{\"totalCount\":", answer, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string accept)
    {
        await using Replica replica = host.StartReplica();
        using var http = new HttpClient { BaseAddress = replica.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = Query }) };
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));

        using HttpResponseMessage response = await http.SendAsync(request);

        return await response.Content.ReadAsStringAsync();
    }
}
