namespace Mycelium.GridStandIn.Faults;

/// <summary><c>POST /_faults</c> adds a fault, <c>GET</c> lists the active ones, and <c>DELETE</c> clears all.</summary>
internal static class FaultEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder app)
    {
        app.MapGet("/_faults", (FaultBoard board) => board.Active());
        app.MapPost("/_faults", (Fault fault, FaultBoard board) =>
        {
            if (fault.Problem() is { } problem)
                return Results.Json(new { error = problem }, statusCode: StatusCodes.Status400BadRequest);
            board.Add(fault);
            return Results.Ok(board.Active());
        });
        app.MapDelete("/_faults", (FaultBoard board) =>
        {
            board.Clear();
            return board.Active();
        });
    }
}
