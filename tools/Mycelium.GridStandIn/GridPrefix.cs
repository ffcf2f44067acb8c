using System.Globalization;

namespace Mycelium.GridStandIn;

/// <summary>Removes <c>/grid/{n}</c> from a path, for n from 1 to the number of grids. Faults match the path with and without it.</summary>
internal sealed class GridPrefix(RequestDelegate next, int grids)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value?.Split('/', 4) is ["", "grid", string number, string rest]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int grid) && grid >= 1 && grid <= grids)
        {
            context.Request.PathBase += $"/grid/{number}";
            context.Request.Path = $"/{rest}";
        }
        return next(context);
    }
}
