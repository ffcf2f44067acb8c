using System.Globalization;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Market;

/// <summary>Every field of a slice combination that can be filtered on, and how rows are read.</summary>
internal static class MarketRow
{
    public const string Fields =
        """
        id grid multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth farmName country countryCode region city certification
        uptimePercent uploadMbps downloadMbps gpuCount isDedicated nodeStatus version
        gridNode { grid gridId freeSlices serialNumber isRegistered pricePerSliceHour unavailability } farm { grid gridId name isDedicated }
        """;

    /// <summary>Returns the field's value by its path, such as <c>gridNode.freeSlices</c>; money as a number.</summary>
    public static object? Value(JsonObject row, string path)
    {
        JsonNode? at = row;
        foreach (string name in path.Split('.'))
            at = at?[name];
        return at switch
        {
            null => null,
            _ when IsMoney(path) => decimal.Parse((string)at!, CultureInfo.InvariantCulture),
            _ when at.GetValueKind() == System.Text.Json.JsonValueKind.String => (string)at!,
            _ when at.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)at,
            _ => decimal.Parse(at.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    public static bool IsMoney(string path) => path.Contains("price", StringComparison.Ordinal);

    /// <summary>Reads all matching rows, page by page.</summary>
    public static async Task<List<JsonObject>> AllAsync(
        Api caller, JsonNode? where = null, JsonNode? order = null, int pageSize = 100, bool backward = false, bool onlyIds = false)
    {
        string query =
            $$"""
            query($where: SliceCombinationFilterInput, $order: [SliceCombinationSortInput!], $first: Int, $after: String, $last: Int, $before: String) {
              page: sliceCombinations(where: $where, order: $order, first: $first, after: $after, last: $last, before: $before) {
                totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { {{(onlyIds ? "id" : Fields)}} }
              }
            }
            """;
        var rows = new List<JsonObject>();
        for (string? cursor = null; ;)
        {
            object variables = backward ? new { where, order, last = pageSize, before = cursor } : new { where, order, first = pageSize, after = cursor };
            JsonNode page = JsonNode.Parse((await caller.DataAsync(query, variables)).GetProperty("page").GetRawText())!;
            IEnumerable<JsonObject> nodes = page["nodes"]!.AsArray().Select(node => node!.AsObject());
            rows.InsertRange(backward ? 0 : rows.Count, nodes);
            if (!(bool)page["pageInfo"]![backward ? "hasPreviousPage" : "hasNextPage"]!)
            {
                Assert.Equal((int)page["totalCount"]!, rows.Count);
                return rows;
            }
            cursor = (string?)page["pageInfo"]![backward ? "startCursor" : "endCursor"];
        }
    }

    public static IEnumerable<string> Ids(IEnumerable<JsonObject> rows) => rows.Select(row => (string)row["id"]!);
}
