using System.Net.Http.Headers;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Clients;

/// <summary>GraphiQL as a person uses it, in Chromium.</summary>
[Collection(ProductionCollection.Name)]
public sealed class GraphiQLTests(Production production)
{
    [ChromiumFact]
    public async Task GraphiQL_runs_queries_and_subscriptions_with_and_without_a_token()
    {
        await ChildProcess.RunAsync(RepositoryRoot.Combine("tools", "graphiql.sh"), [], deadline: TimeSpan.FromMinutes(5));
        using Renter renter = await Renter.SignUpAsync(production.Cluster);
        Uri replica = await production.AddReplicaAsync(); // Started after the page was built.
        string folder = RepositoryRoot.Combine(".local", "test-results", "graphiql");
        Directory.CreateDirectory(folder);

        (bool isFine, string output) = await NodeScripts.Browser.RunAsync(
            "graphiql.js", new Uri(replica, "/graphql").ToString(), ChromiumFactAttribute.Program!, renter.Token, folder);

        Assert.True(isFine, output);
        IEnumerable<string> printed = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{'));
        var lines = JsonElement.Parse($"[{string.Join(',', printed)}]");
        Assert.Equal("Market NodePage Quote Live", string.Join(' ', Of(lines, "tabs").EnumerateArray().Select(tab => tab.GetString())));
        Assert.All(["market", "live", "signedIn", "liveSignedIn"], what => Assert.True(Of(lines, what).GetBoolean(), output));
        Assert.Equal("[]", Of(lines, "complaints").GetRawText()); // A policy that is too strict would show here.
        Assert.Contains("default-src 'none'; script-src 'self';", Of(lines, "policy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_GraphQL_at_the_same_address()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(production.Survivor, "/graphql?query={__typename}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.StartsWith("""{"data":{"__typename":"Query"}""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static JsonElement Of(JsonElement lines, string name) => lines.EnumerateArray().Single(line => line.TryGetProperty(name, out _)).GetProperty(name);
}

/// <summary>Runs where Chromium is installed; ./test installs it where it can.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public static readonly string? Program = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser"), Path.Combine(folder, "google-chrome") })
        .FirstOrDefault(File.Exists);

    public ChromiumFactAttribute()
    {
        if (Program is null)
            Skip = "No Chromium on PATH, and it could not be installed.";
    }
}
