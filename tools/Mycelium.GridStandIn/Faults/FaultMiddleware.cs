using System.Globalization;
using Microsoft.Extensions.Primitives;
using Mycelium.GridStandIn.Endpoints;
using Mycelium.GridStandIn.Fleet;
using Mycelium.GridStandIn.Provisioner;

namespace Mycelium.GridStandIn.Faults;

/// <summary>Gives each request its view of the fleet, turns a bad query into 400, and applies the active faults to responses.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, GridFleet fleet, MachineRegistry machines, FaultBoard board)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/_faults", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        string page = context.Request.Query["page"].ToString() is { Length: > 0 } wanted ? wanted : "1";
        IReadOnlyList<Fault> faults = board.Take(context.Request.PathBase, context.Request.Path, page);
        context.Features.Set(new FleetView(fleet, FaultBoard.Overrides(faults, fleet), machines, context.Request.PathBase));
        context.Features.Set(new ProvisionerFaults(faults));

        foreach (Fault fault in faults.Where(fault => fault.DelayMs is not null))
            await Task.Delay(fault.DelayMs!.Value, context.RequestAborted);
        if (faults.LastOrDefault(fault => fault.Status is not null) is { } refused)
        {
            await Json.WriteErrorAsync(context, refused.Status!.Value, "a fault is active");
            return;
        }
        if (faults.LastOrDefault(fault => fault.Count is not null) is { } lie)
            context.Response.OnStarting(() => Task.FromResult(context.Response.Headers["count"] = lie.Count!.Value.ToString(CultureInfo.InvariantCulture)));
        if (faults.LastOrDefault(fault => fault.Garbage is not null) is { } spoiled)
            await SpoilAsync(context, spoiled.Garbage!, page);
        else if (faults.Any(fault => fault.SpoilsRecord))
            await RewriteAsync(context, honest => SpoiledRecords.Of(honest, faults));
        else
            await AnswerAsync(context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadQueryException wrong)
        {
            await Json.WriteErrorAsync(context, StatusCodes.Status400BadRequest, wrong.Message);
        }
    }

    private async Task SpoilAsync(HttpContext context, string kind, string page)
    {
        if (kind == "previous-page")
        {
            int before = Math.Max(1, int.Parse(page, CultureInfo.InvariantCulture) - 1);
            context.Request.Query = new QueryCollection(
                new Dictionary<string, StringValues>(context.Request.Query) { ["page"] = before.ToString(CultureInfo.InvariantCulture) });
        }
        await RewriteAsync(context, honest => Garbage.Of(kind, honest), kind == "html" ? "text/html" : "application/json");
    }

    private async Task RewriteAsync(HttpContext context, Func<byte[], byte[]> rewrite, string contentType = "application/json")
    {
        Stream wire = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        await AnswerAsync(context);
        context.Response.Body = wire;

        byte[] body = rewrite(kept.ToArray());
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await wire.WriteAsync(body, context.RequestAborted);
    }
}
