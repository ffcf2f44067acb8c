using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>
/// <c>Cases/execution/*.case</c>: a request (and its variables, after a line of dashes), a line of dashes, the exact response. Each case is run with
/// fields read while writing, resolved immediately, and resolved later: the response must be the same.
/// </summary>
public sealed class CaseTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "engine/tests/Cases/execution");

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string, ResolverMode> Cases()
    {
        var cases = new TheoryData<string, ResolverMode>();
        foreach (string file in Directory.GetFiles(Folder, "*.case").Order(StringComparer.Ordinal))
        {
            foreach (ResolverMode mode in Enum.GetValues<ResolverMode>())
                cases.Add(Path.GetFileNameWithoutExtension(file), mode);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_response_is_exactly_the_expected_one(string name, ResolverMode mode)
    {
        string[] parts = (await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.case"))).Split("\n---\n", StringSplitOptions.TrimEntries);
        string expected = JsonNode.Parse(parts[^1])!.ToJsonString(Plain);
        TestEngine engine = BoxWorld.Engine(await File.ReadAllTextAsync(Path.Combine(Folder, "boxes.graphqls")), mode);

        string answer = await engine.AnswerAsync(parts[0], parts.Length == 3 ? parts[1] : null);

        Assert.Equal(expected, answer);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }
}
