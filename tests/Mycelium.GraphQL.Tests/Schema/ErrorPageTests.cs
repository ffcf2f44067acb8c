using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Schema;

/// <summary>Where docs/errors.md shows a request and its answer, the service answers so.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class ErrorPageTests(ApiHost host)
{
    [Fact]
    public async Task Requests_of_the_page_are_answered_as_it_says()
    {
        string page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "errors.md"));
        MatchCollection examples = Example().Matches(page);

        var wrong = new List<string>();
        foreach (Match example in examples)
        {
            JsonObject answer = JsonNode.Parse((await host.Anyone.SendAsync(example.Groups["request"].Value)).GetRawText())!.AsObject();
            answer.Remove("extensions"); // What the operation cost, which the page leaves out.
            if (!JsonNode.DeepEquals(answer, JsonNode.Parse(example.Groups["answer"].Value)))
                wrong.Add($"{example.Groups["request"].Value}\n{answer.ToJsonString()}");
        }

        Assert.True(examples.Count >= 6, "Fewer examples than there were: are they read as they should be?");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [GeneratedRegex("```graphql\n(?<request>[^`]+)\n```\n\n```json\n(?<answer>[^`]+)\n```")]
    private static partial Regex Example();
}
