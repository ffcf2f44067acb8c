using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Tests.Hosting;

public static partial class Refusal
{
    /// <summary>Asserts that the answer is a refusal of this type, with its code and a sentence for people.</summary>
    public static void AssertIs(string type, JsonElement answer)
    {
        Assert.Equal(type, answer.GetProperty("__typename").GetString());
        Assert.Equal(InnerCapital().Replace(type, "_$0").ToUpperInvariant(), answer.GetProperty("code").GetString());
        Assert.EndsWith(".", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Asserts that the answer is the success of this type.</summary>
    public static JsonElement AssertNone(string type, JsonElement answer)
    {
        Assert.True(answer.GetProperty("__typename").GetString() == type, answer.GetRawText());
        return answer;
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();
}
