using System.Globalization;
using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary><c>/nodes</c>, <c>/nodes/{id}</c> and <c>/nodes/{id}/status</c>.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/nodes", ListAsync);
        app.MapGet("/nodes/{id}", (HttpContext context, FleetView fleet, string id) =>
            OneAsync(context, fleet, id, node => Json.WriteAsync(context, writer => NodeJson.Write(writer, node, nested: true))));
        app.MapGet("/nodes/{id}/status", (HttpContext context, FleetView fleet, string id) =>
            OneAsync(context, fleet, id, node => Json.WriteAsync(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", node.Status);
                writer.WriteEndObject();
            })));
    }

    private static Task ListAsync(HttpContext context, FleetView fleet)
    {
        IQueryCollection query = context.Request.Query;
        var paging = Paging.From(query);
        Func<GridNode, bool>? filter = NodeFilters.All.From(query);
        if (filter is null && paging is { SortBy: null or "node_id", Descending: false })
        {
            // A full sync over a million nodes uses this path: only the nodes of the page are generated.
            IEnumerable<GridNode> page = fleet.NodeIds().Skip(paging.Offset).Take(paging.Size).Select(id => fleet.Node(id)!);
            return Json.WritePageAsync(context, paging with { Page = 1 }, page, () => fleet.NodeCount, WriteFlat);
        }
        IEnumerable<GridNode> nodes = filter is null ? fleet.Nodes() : fleet.Nodes().Where(filter);
        return Json.WritePageAsync(context, paging, NodeOrders.Sort(nodes, paging), nodes.Count, WriteFlat);
    }

    private static void WriteFlat(System.Text.Json.Utf8JsonWriter writer, GridNode node) => NodeJson.Write(writer, node, nested: false);

    private static Task OneAsync(HttpContext context, FleetView fleet, string id, Func<GridNode, Task> answer)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int nodeId))
            return Json.WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"invalid node id \"{id}\"");
        return fleet.Node(nodeId) is { } node
            ? answer(node)
            : Json.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"no node with id {nodeId}");
    }
}
