using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// What machines of each grid can start from, as its provisioner last listed it. A list is read again when it is a few minutes old, by one caller at a time,
/// and used on while its provisioner does not answer. At most <see cref="ProvisionerClient.ImagesMax"/> images for each configured grid are kept.
/// </summary>
public sealed partial class MachineImages(
    ProvisionerClients clients, Provisioners provisioners, GridDirectory grids, IOptions<ProvisioningOptions> options, TimeProvider clock,
    ILogger<MachineImages> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Listed> listed = new(StringComparer.Ordinal);

    /// <summary>The images of a grid, the default first; null for a grid without a provisioner.</summary>
    /// <exception cref="ProvisionerException">The provisioner did not answer, and never has since this replica started.</exception>
    public async Task<IReadOnlyList<MachineImage>?> OfAsync(string grid, CancellationToken cancellation)
    {
        if (clients.Of(grid) is not { } client)
            return null;
        Listed known = listed.GetOrAdd(grid, _ => new Listed());
        if (known.Images is { } fresh && clock.GetElapsedTime(known.ReadAt) < options.Value.ImagesAge)
            return fresh;
        await known.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (known.Images is { } read && clock.GetElapsedTime(known.ReadAt) < options.Value.ImagesAge)
                return read;
            (known.Images, known.ReadAt) = (await client.ImagesAsync(cancellation).ConfigureAwait(false), clock.GetTimestamp());
            return known.Images;
        }
        catch (ProvisionerException failure) when (known.Images is not null)
        {
            known.ReadAt = clock.GetTimestamp(); // Not every caller finds out again that it does not answer.
            LogStale(failure, grid);
            return known.Images;
        }
        finally
        {
            known.Turn.Release();
        }
    }

    /// <summary>Why an image cannot be used on a grid; null if it can, or if the grid has no provisioner and no image matters.</summary>
    public async Task<ImageNotFound?> RefuseAsync(string grid, ImageId image, CancellationToken cancellation) =>
        await OfAsync(grid, cancellation).ConfigureAwait(false) is { } images && !images.Any(one => one.Id == image) ? new ImageNotFound(image.Value) : null;

    /// <inheritdoc cref="RefuseAsync(string, ImageId, CancellationToken)"/>
    public async Task<ImageNotFound?> RefuseAsync(NodeId node, ImageId image, CancellationToken cancellation)
    {
        foreach (ProvisionerAddress provisioner in provisioners.All)
        {
            if (await grids.FindAsync(provisioner.Grid, cancellation).ConfigureAwait(false) is { } grid && grid.Number == node.Grid)
                return await RefuseAsync(provisioner.Grid, image, cancellation).ConfigureAwait(false);
        }
        return null;
    }

    public void Dispose()
    {
        foreach (Listed one in listed.Values)
            one.Turn.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The images of grid {Grid} could not be read; the list that was read before stays in use")]
    private partial void LogStale(Exception failure, string grid);

    private sealed class Listed
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public volatile IReadOnlyList<MachineImage>? Images;
        public long ReadAt;
    }
}
