using System.Net.Http.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>An answer that is one JSON text says how long it is, with the cost that is told beside the data and without.</summary>
[Collection(ApiCollection.Name)]
public sealed class AnswerLengthTests(ApiHost host)
{
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task An_answer_says_its_length(string reportsCost)
    {
        await using Replica replica = host.StartReplica(("Cost:Report", reportsCost));
        using var http = new HttpClient { BaseAddress = replica.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = "{ sliceCombinations(first: 3) { nodes { id city } } }" }) };

        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // Before the client has counted.

        long? told = response.Content.Headers.ContentLength;
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Length, told);
        Assert.Equal((byte)'}', answer[^1]);
    }
}
