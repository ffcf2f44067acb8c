using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>The client of each provisioner that this replica is configured for. One that fails leaves the others alone.</summary>
public sealed class ProvisionerClients : IDisposable
{
    private readonly Dictionary<string, ProvisionerClient> byGrid;

    public ProvisionerClients(Provisioners provisioners, IOptions<ProvisioningOptions> options, TimeProvider clock) =>
        byGrid = provisioners.All.ToDictionary(address => address.Grid, address => new ProvisionerClient(address, options.Value, clock));

    public IReadOnlyCollection<ProvisionerClient> All => byGrid.Values;

    /// <summary>Null for a grid without a provisioner.</summary>
    public ProvisionerClient? Of(string grid) => byGrid.GetValueOrDefault(grid);

    public void Dispose()
    {
        foreach (ProvisionerClient client in All)
            client.Dispose();
    }
}
