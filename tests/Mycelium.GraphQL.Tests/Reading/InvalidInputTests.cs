using Mycelium.GraphQL.Tests.Hosting;
using Snapshooter;
using Snapshooter.Xunit;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>The full response to a request that the client has to correct.</summary>
[Collection(ApiCollection.Name)]
public sealed class InvalidInputTests(ApiHost host)
{
    [Theory]
    [InlineData("syntax", "{ sliceCombinations { nodes { id }")]
    [InlineData("unknown field", "{ sliceCombinations { nodes { idd } } }")]
    [InlineData("unknown enum value", "{ gridNodes(where: { status: { eq: SLEEPING } }) { nodes { id } } }")]
    [InlineData("wrong type", """{ sliceCombinations(first: "ten") { nodes { id } } }""")]
    [InlineData("missing variable", "query($id: ID!) { node(id: $id) { id } }")]
    [InlineData("unknown cursor", """{ sliceCombinations(after: "x") { nodes { id } } }""")]
    [InlineData("malformed id", """{ node(id: "x") { id } }""")]
    [InlineData("page too large", "{ sliceCombinations(first: 100000) { nodes { id } } }")]
    [InlineData("id of another type", """mutation { cancelRental(input: { rentalId: "UmVudGFsOjE=", idempotencyKey: "12345678" }) { __typename } }""")]
    [InlineData("not signed in", """mutation { registerNode(input: { gridId: 1, idempotencyKey: "12345678" }) { __typename } }""")]
    public async Task An_invalid_request_matches_its_snapshot(string mistake, string query)
    {
        string answer = (await host.Anyone.SendAsync(query)).ToSnapshot();

        Snapshot.Match(answer, new SnapshotNameExtension(mistake.Replace(' ', '-')));
    }
}
