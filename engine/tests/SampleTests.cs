using System.Text.RegularExpressions;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests;

/// <summary>The ten lines of engine/README.md are a program that runs and gives the response on that page.</summary>
public sealed partial class SampleTests
{
    private static readonly string page = File.ReadAllText(RepositoryRoot.Combine("engine", "README.md"));

    [Fact]
    public void The_page_shows_the_whole_program() =>
        Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("engine", "sample", "Program.cs")), Code().Match(page).Groups["code"].Value);

    [Fact]
    public async Task The_program_responds_as_the_page_says()
    {
        Match shown = Question().Match(page);
        Assert.True(shown.Success, "engine/README.md has no question with an answer: is it read as it should be?");

        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        using ChildProcess sample = ChildProcess.Start(
            "dotnet",
            [RepositoryRoot.Combine("engine", "sample", "bin", configuration, "net10.0", "Mycelium.GraphQL.Engine.Sample.dll"),
                "--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await AddressAsync(sample) };
        using var body = new StringContent(shown.Groups["request"].Value, null, "application/json");
        using HttpResponseMessage response = await client.PostAsync("/graphql", body);

        Assert.Equal(shown.Groups["answer"].Value, await response.Content.ReadAsStringAsync());
    }

    private static async Task<Uri> AddressAsync(ChildProcess server)
    {
        string line = await server.WaitForLineAsync(line => line.Contains("Now listening on: ", StringComparison.Ordinal));
        return new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..]);
    }

    [GeneratedRegex("^```csharp\\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("-d '(?<request>[^']*)'\\n(?<answer>.*)\\n```")]
    private static partial Regex Question();
}
