using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Grid;

/// <summary>The sync of each grid that this replica is configured for. They share nothing but the slots: one that fails leaves the others alone.</summary>
public sealed class GridSyncs(GridAddresses addresses, IOptions<GridOptions> options, TimeProvider clock, IServiceProvider services) : IDisposable
{
    private readonly PassSlots slots = new(options.Value.PassesAtOnce, clock);
    private GridSync[]? all;

    public IReadOnlyList<GridSync> All => LazyInitializer.EnsureInitialized(
        ref all, () => [.. addresses.All.Select(address => ActivatorUtilities.CreateInstance<GridSync>(services, address, slots, options.Value))]);

    public void Dispose()
    {
        foreach (GridSync sync in all ?? [])
            sync.Dispose();
        slots.Dispose();
    }
}
