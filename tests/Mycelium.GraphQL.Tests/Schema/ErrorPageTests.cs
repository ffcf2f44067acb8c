using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Schema;

/// <summary>Where docs/errors.md shows a request and its response, the service returns that response.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class ErrorPageTests(ApiHost host)
{
    [Fact]
    public async Task Requests_on_the_page_get_the_responses_that_it_shows()
    {
        string page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "errors.md"));
        MatchCollection examples = Example().Matches(page);

        var wrong = new List<string>();
        foreach (Match example in examples)
        {
            JsonObject answer = JsonNode.Parse((await host.Anyone.SendAsync(example.Groups["request"].Value)).GetRawText())!.AsObject();
            answer.Remove("extensions"); // The cost of the operation, which the page omits.
            if (!JsonNode.DeepEquals(answer, JsonNode.Parse(example.Groups["answer"].Value)))
                wrong.Add($"{example.Groups["request"].Value}\n{answer.ToJsonString()}");
        }

        Assert.True(examples.Count >= 6, "Fewer examples than before: are they still parsed correctly?");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [GeneratedRegex("```graphql\n(?<request>[^`]+)\n```\n\n```json\n(?<answer>[\\s\\S]+?)\n```")]
    private static partial Regex Example();
}
