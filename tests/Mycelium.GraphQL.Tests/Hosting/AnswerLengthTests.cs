using System.Net.Http.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>A response that is a single JSON text states its length, with and without the reported cost.</summary>
[Collection(ApiCollection.Name)]
public sealed class AnswerLengthTests(ApiHost host)
{
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_response_states_its_length(string reportsCost)
    {
        await using Replica replica = host.StartReplica(("Cost:Report", reportsCost));
        using var http = new HttpClient { BaseAddress = replica.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql");
        request.Content = JsonContent.Create(new { query = "{ sliceCombinations(first: 3) { nodes { id city } } }" });

        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // Before the client has read the body.

        long? declared = response.Content.Headers.ContentLength;
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Length, declared);
        Assert.Equal((byte)'}', answer[^1]);
    }
}
