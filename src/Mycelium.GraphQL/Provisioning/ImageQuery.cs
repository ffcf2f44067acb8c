using Mycelium.Domain.Grids;
using Mycelium.Domain.Provisioning;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL.Provisioning;

[QueryType]
public static class ImageQuery
{
    /// <summary>
    /// The images that machines of a grid can start from, the default first; null if the grid sells slices without machines.
    /// </summary>
    /// <param name="grid">The name of the grid.</param>
    [CacheControl(Limits.MarketAgeSeconds)]
    [ListSize(AssumedSize = Limits.ImagesAssumed)]
    public static Task<IReadOnlyList<MachineImage>?> GetImages(MachineImages images, CancellationToken cancellation, string grid = GridName.Main) =>
        images.OfAsync(grid, cancellation);
}
