using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.RandomOperations;

/// <summary>Values for random operations: existing ids, cursors and texts of the market, and ones that nothing has.</summary>
internal sealed record KnownValues(string[] Ids, string[] Cursors, string[] Texts)
{
    /// <summary>Ids of rows and types that do not exist, and texts that are not ids.</summary>
    private static readonly string[] strangeIds =
    [
        GlobalId.Encode("GridNode", 77_777_777), GlobalId.Encode("GridNode", -1), GlobalId.Encode("Farm", long.MaxValue),
        GlobalId.Encode("SliceCombination", 1),
        GlobalId.Encode("Rental", Guid.Empty), GlobalId.Encode("Account", Guid.Empty),
        GlobalId.Encode("Nothing", 1), GlobalId.Encode("GridNode", "9999999999999999999999"), "zzz", "", "😀",
    ];

    private static readonly string[] strangeTexts =
        ["", "a", "%", "_", "\\", "\"", "İzmir", "IZMIR", "straße", "😀", "main", "test", "renter", "main\\u0000", "0.015"];

    /// <summary>Only values that nothing has.</summary>
    public static KnownValues None { get; } = new(strangeIds, [], strangeTexts);

    public static async Task<KnownValues> OfAsync(Api api)
    {
        JsonElement data = await api.DataAsync(
            """
            {
              gridNodes(first: 40) { edges { cursor node { id city country region } } }
              farms { edges { cursor node { id name } } }
              sliceCombinations(first: 40) { edges { cursor node { id } } }
            }
            """);
        JsonElement[] edges = [.. data.EnumerateObject().SelectMany(list => list.Value.GetProperty("edges").EnumerateArray())];
        string[] ids = [.. edges.Select(edge => edge.GetProperty("node").GetProperty("id").GetString()!)];
        IEnumerable<string> texts = edges.SelectMany(edge => edge.GetProperty("node").EnumerateObject())
            .Where(field => field.Name != "id").Select(field => field.Value.GetString()!);
        return new(
            [.. ids, .. strangeIds],
            [.. edges.Select(edge => edge.GetProperty("cursor").GetString()!), "no cursor"],
            [.. texts.Where(text => text is not null).Distinct(), .. strangeTexts]);
    }
}
