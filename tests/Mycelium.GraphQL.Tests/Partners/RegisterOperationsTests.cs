using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Partners;

[Collection(ApiCollection.Name)]
public sealed class RegisterOperationsTests(ApiHost host)
{
    private const string Page = "query Page($first: Int!) { sliceCombinations(first: $first) { nodes { multiplier } } }";

    [Fact]
    public async Task A_registered_document_is_run_by_its_id_at_every_replica()
    {
        Api partner = await host.PartnerAsync();
        await using Replica second = host.StartReplica();

        string[] ids = await partner.RegisterAsync(host.NewKey(), Page, "{ me { email } }");

        Assert.Equal("sha256:" + OperationDocument.HashOf(Page), ids[0]);
        foreach (Uri at in new[] { host.Replica.Address, second.Address })
        {
            JsonElement answer = await partner.RunAsync(ids[0], new { first = 3 }, at);
            Assert.Equal(3, answer.GetProperty("data").GetProperty("sliceCombinations").GetProperty("nodes").GetArrayLength());
            Assert.Contains(
                "@", (await partner.RunAsync(ids[1], at: at)).GetProperty("data").GetProperty("me").GetProperty("email").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_document_is_visible_only_to_its_partner()
    {
        Api partner = await host.PartnerAsync();
        Api another = await host.PartnerAsync();
        string[] ids = await partner.RegisterAsync(host.NewKey(), Page);
        await partner.RunAsync(ids[0], new { first = 1 });

        Assert.Equal(ErrorCodes.DocumentNotFound, (await another.RunAsync(ids[0], new { first = 1 })).Code());
        Assert.Equal(ErrorCodes.DocumentNotFound, (await host.Farmer.RunAsync(ids[0], new { first = 1 })).Code());
        Assert.Equal(ErrorCodes.DocumentNotFound, (await host.Anyone.RunAsync(ids[0], new { first = 1 })).Code());
    }

    [Fact]
    public async Task A_missing_document_is_found_as_soon_as_it_is_registered_at_this_replica()
    {
        Api partner = await host.PartnerAsync();
        const string text = "{ __typename soon: __typename }";
        string id = "sha256:" + OperationDocument.HashOf(text);
        Assert.Equal(ErrorCodes.DocumentNotFound, (await partner.RunAsync(id)).Code());

        await partner.RegisterAsync(host.NewKey(), text);

        Assert.Null((await partner.RunAsync(id)).Code());
    }

    [Fact]
    public async Task Another_replica_remembers_a_missing_document_for_at_most_a_second()
    {
        Api partner = await host.PartnerAsync();
        await using Replica second = host.StartReplica();
        const string text = "{ __typename later: __typename }";
        string id = "sha256:" + OperationDocument.HashOf(text);
        Assert.Equal(ErrorCodes.DocumentNotFound, (await partner.RunAsync(id, at: second.Address)).Code());

        await partner.RegisterAsync(host.NewKey(), text);

        await Testing.Eventually.HoldsAsync(
            async () => (await partner.RunAsync(id, at: second.Address)).Code() is null,
            "the document is found at the other replica", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Nothing_is_registered_when_one_document_is_invalid()
    {
        Api partner = await host.PartnerAsync();

        JsonElement answer = await partner.MutateAsync(
            "registerOperations", new { documents = new[] { Page, "{ gone }", "{ torn" }, idempotencyKey = host.NewKey() }, Partnership.Registered);

        Refusal.AssertIs("OperationsInvalid", answer);
        Assert.Equal(
            """[{"documentIndex":1,"errorCode":"GRAPHQL_VALIDATION_FAILED","line":1,"column":3},"""
                + """{"documentIndex":2,"errorCode":"GRAPHQL_SYNTAX_ERROR","line":1,"column":7}]""",
            answer.GetProperty("faults").GetRawText());
        Assert.Equal(ErrorCodes.DocumentNotFound, (await partner.RunAsync(OperationDocument.HashOf(Page), new { first = 1 })).Code());
    }

    [Fact]
    public async Task The_same_key_registers_once_and_refuses_other_documents()
    {
        Api partner = await host.PartnerAsync();
        string key = host.NewKey();
        string[] other = ["{ __typename }"];
        string[] first = await partner.RegisterAsync(key, Page, Page);

        Assert.Equal(first, await partner.RegisterAsync(key, Page, Page));
        Refusal.AssertIs("IdempotencyKeyReused", await partner.MutateAsync("registerOperations", new { documents = other, idempotencyKey = key }));

        // Another key with the same text: an id never changes its meaning.
        Assert.Equal([first[0]], await partner.RegisterAsync(host.NewKey(), Page));
        await using var database = new NpgsqlConnection(host.ConnectionString);
        await database.OpenAsync();
        await using var change = new NpgsqlCommand("UPDATE operation_documents SET text = '{ b }'", database);
        await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync());
    }

    [Theory]
    [InlineData("3", "400", 3, null)]
    [InlineData("3", "400", 4, "DocumentQuotaExceeded")]
    [InlineData("9", "48", 3, null)]
    [InlineData("9", "47", 3, "DocumentQuotaExceeded")]
    public async Task The_documents_and_bytes_of_a_partner_are_limited(string countMax, string bytesMax, int count, string? refusal)
    {
        Api partner = await host.PartnerAsync();
        await using Replica bounded = host.StartReplica(("Partners:DocumentCountMax", countMax), ("Partners:DocumentBytesMax", bytesMax));
        using var client = new Api(bounded.Address, partner.Token);

        JsonElement? last = null;
        for (int i = 0; i < count; i++)
            last = await client.MutateAsync(
                "registerOperations", new { documents = new[] { "{ __typename }#" + (char)('a' + i) }, idempotencyKey = host.NewKey() });

        if (refusal is null)
            Refusal.AssertNone("OperationsRegistered", last!.Value);
        else
            Refusal.AssertIs(refusal, last!.Value);
    }

    [Fact]
    public async Task Only_partners_register()
    {
        var input = new { documents = new[] { Page }, idempotencyKey = host.NewKey() };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("registerOperations", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("registerOperations", input));
    }
}
