using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Partners;

[Collection(ApiCollection.Name)]
public sealed class ApolloPersistedQueryTests(ApiHost host)
{
    [Fact]
    public async Task Apollos_link_sends_a_document_once_and_then_only_its_hash()
    {
        (bool isFine, string output) = await NodeScripts.Clients.RunAsync("persisted.js", new Uri(host.Replica.Address, "/graphql").ToString());

        Assert.True(isFine, output);
        JsonElement[] visits = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        Assert.Equal([2, 2], visits.Select(visit => visit.GetProperty("farms").GetInt32()));
        Assert.Equal(
            "False True", string.Join(' ', visits[0].GetProperty("sent").EnumerateArray().Select(request => request.GetProperty("hasText").GetBoolean())));
        JsonElement second = Assert.Single(visits[1].GetProperty("sent").EnumerateArray());
        Assert.Equal(
            ("GET", false, "public, max-age=3"),
            (second.GetProperty("method").GetString(), second.GetProperty("hasText").GetBoolean(), second.GetProperty("cache").GetString()));
    }
}
