using System.Net;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Schema;

/// <summary>What a browser gets at <c>/graphql</c>. <c>tests/Mycelium.EndToEnd.Tests</c> shows in Chromium that GraphiQL works there.</summary>
[Collection(ApiCollection.Name)]
public sealed class GraphiQLTests(ApiHost host)
{
    [Fact]
    public async Task The_built_page_and_its_files_are_served_and_nothing_else()
    {
        string folder = Directory.CreateTempSubdirectory("graphiql-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<!doctype html><title>built</title>");
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "main-0123.js"), "start()");
        await File.WriteAllTextAsync(folder + ".secret", "not to be served");
        await using Replica replica = host.StartReplica(("GraphiQL:Folder", folder));
        using var browser = Browser(replica);

        using HttpResponseMessage page = await browser.GetAsync("/graphql");
        using HttpResponseMessage script = await browser.GetAsync("/graphql/ui/assets/main-0123.js");
        using HttpResponseMessage outside = await browser.GetAsync($"/graphql/ui/..%2f{Path.GetFileName(folder)}.secret");

        Assert.Contains("built", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.Equal("start()", await script.Content.ReadAsStringAsync());
        Assert.Equal("nosniff", Assert.Single(script.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task Without_its_files_the_page_says_how_to_get_them()
    {
        await using Replica replica = host.StartReplica(("GraphiQL:Folder", "/nowhere"));
        using var browser = Browser(replica);

        string page = await browser.GetStringAsync("/graphql");

        Assert.Contains("npm run build", page, StringComparison.Ordinal);
        Assert.Contains("This is a GraphQL endpoint", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_is_switched_off_it_is_not_mentioned()
    {
        await using Replica replica = host.StartReplica(("GraphiQL:Enabled", "false"));
        using var browser = Browser(replica);

        string page = await browser.GetStringAsync("/graphql");

        Assert.DoesNotContain("GraphiQL", page, StringComparison.Ordinal);
        Assert.Contains("This is a GraphQL endpoint", page, StringComparison.Ordinal);
    }

    private static HttpClient Browser(Replica replica)
    {
        var browser = new HttpClient { BaseAddress = replica.Address };
        browser.DefaultRequestHeaders.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        return browser;
    }
}
