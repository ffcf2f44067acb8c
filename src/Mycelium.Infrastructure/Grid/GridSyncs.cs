using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Grid;

/// <summary>The sync of each grid that this replica is configured for. They share nothing but the slots: a grid that fails leaves the others alone.</summary>
public sealed class GridSyncs : IDisposable
{
    private readonly PassSlots slots;

    public GridSyncs(GridAddresses addresses, IOptions<GridOptions> options, TimeProvider clock, IServiceProvider services)
    {
        slots = new PassSlots(options.Value.PassesAtOnce, clock);
        All = [.. addresses.All.Select(address => ActivatorUtilities.CreateInstance<GridSync>(services, address, slots, options.Value))];
    }

    public IReadOnlyList<GridSync> All { get; }

    public void Dispose()
    {
        foreach (GridSync sync in All)
            sync.Dispose();
        slots.Dispose();
    }
}
