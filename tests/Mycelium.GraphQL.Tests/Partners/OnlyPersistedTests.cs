using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Partners;

/// <summary>The settings that restrict anonymous callers, or partners, to stored documents.</summary>
[Collection(ApiCollection.Name)]
public sealed class OnlyPersistedTests(ApiHost host)
{
    private const string Market = "{ sliceCombinations(first: 2) { totalCount nodes { multiplier pricePerHour gridNode { country farm { name } } } } }";

    [Fact]
    public async Task Restricted_anonymous_callers_run_only_the_documents_of_the_folder_and_others_run_anything()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("documents");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "market.graphql"), Market);
        await using Replica replica = host.StartReplica(("PersistedOperations:OnlyForAnonymous", "true"), ("PersistedOperations:Folder", folder.FullName));
        using var anyone = new Api(replica.Address);
        using var farmer = new Api(replica.Address, host.Farmer.Token);

        Assert.Equal(ErrorCodes.DocumentNotPersisted, await anyone.ErrorCodeAsync(Market));
        Assert.Null((await anyone.RunAsync("market")).Code());
        Assert.Null((await anyone.RunAsync("sha256:" + OperationDocument.HashOf(Market))).Code());
        await farmer.DataAsync(Market);

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Restricted_partners_register_with_the_built_in_document()
    {
        Api partner = await host.PartnerAsync();
        await using Replica replica = host.StartReplica(("PersistedOperations:OnlyForPartners", "true"));
        using var restricted = new Api(replica.Address, partner.Token);

        Assert.Equal(ErrorCodes.DocumentNotPersisted, await restricted.ErrorCodeAsync(Market));
        JsonElement registered = await restricted.RunAsync(
            "register-operations", new { input = new { documents = new[] { Market }, idempotencyKey = host.NewKey() } });
        Assert.Equal("OperationsRegistered", registered.GetProperty("data").GetProperty("registerOperations").GetProperty("__typename").GetString());
        Assert.Null((await restricted.RunAsync(OperationDocument.HashOf(Market))).Code());
        using var anyone = new Api(replica.Address);
        await anyone.DataAsync(Market);
    }

    [Theory]
    [InlineData("{ sliceCombinations(first: 2) { totalCount nodes { multiplier pricePerHour gridNode { country gpus { vendor } farm { name } } } } }", true)]
    [InlineData("{ gridNodes(first: 2) { nodes { gridId unavailability sliceCombinations { multiplier } } } farms(first: 1) { nodes { name gridId } } }", true)]
    [InlineData("{ sliceCombinations(first: 2) { totalCount } me { email } }", false)]
    [InlineData("{ me { email } }", false)]
    public async Task Market_queries_of_the_folder_are_cacheable(string text, bool isPublic)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("documents");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "it.graphql"), text);
        await using Replica replica = host.StartReplica(("PersistedOperations:Folder", folder.FullName));
        using var anyone = new Api(replica.Address);

        using HttpResponseMessage response = await anyone.GetAsync("/graphql/persisted/it");
        folder.Delete(recursive: true);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(isPublic ? "public, max-age=3" : "no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(isPublic, response.Headers.ETag is not null);
    }

    [Fact]
    public async Task Responses_to_a_partners_own_document_are_not_cacheable()
    {
        Api partner = await host.PartnerAsync();
        string[] ids = await partner.RegisterAsync(host.NewKey(), Market);
        using var http = new HttpClient { BaseAddress = host.Replica.Address, DefaultRequestHeaders = { { "Authorization", "Bearer " + partner.Token } } };

        using HttpResponseMessage response = await http.GetAsync("/graphql/persisted/" + ids[0]);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }
}
