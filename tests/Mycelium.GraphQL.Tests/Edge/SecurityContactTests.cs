using System.Net;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Edge;

[Collection(ApiCollection.Name)]
public sealed class SecurityContactTests(ApiHost host)
{
    [Fact]
    public async Task The_file_says_where_to_report_a_vulnerability()
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
    public void The_file_states_its_expiry() =>
        Assert.Contains(
            "\nExpires: 2026-06-30T12:00:00Z\n", new SecurityContact { Contact = "https://market.example/report" }.Text(A.Noon), StringComparison.Ordinal);

    [Theory]
    [InlineData("security@market.example")]
    [InlineData("http://market.example")]
    public void A_contact_that_is_not_an_address_is_refused_with_an_explanation(string contact) =>
        Assert.StartsWith(
            "Security:Contact: ",
            Assert.Throws<InvalidOperationException>(() => new SecurityContact { Contact = contact }.Text(default)).Message,
            StringComparison.Ordinal);
}
