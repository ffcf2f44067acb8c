using System.Net;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Edge;

[Collection(ApiCollection.Name)]
public sealed class SecurityContactTests(ApiHost host)
{
    [Fact]
    public async Task Who_found_a_flaw_reads_where_to_report_it()
    {
        await using Replica replica = host.StartReplica(("Security:Contact", "mailto:security@market.example"));
        using var anyone = new Api(replica.Address);

        using HttpResponseMessage file = await anyone.GetAsync("/.well-known/security.txt");
        using HttpResponseMessage without = await host.Anyone.GetAsync("/.well-known/security.txt");

        Assert.StartsWith("Contact: mailto:security@market.example\nExpires: ", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/plain", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, without.StatusCode);
    }

    [Fact]
    public void The_file_says_until_when_it_holds() =>
        Assert.Contains("\nExpires: 2026-06-30T12:00:00Z\n", new SecurityContact { Contact = "https://market.example/report" }.Text(A.Noon), StringComparison.Ordinal);

    [Theory]
    [InlineData("security@market.example")]
    [InlineData("http://market.example")]
    public void What_is_no_address_is_refused_with_a_sentence(string contact) =>
        Assert.StartsWith("Security:Contact: ", Assert.Throws<InvalidOperationException>(() => new SecurityContact { Contact = contact }.Text(default)).Message, StringComparison.Ordinal);
}
