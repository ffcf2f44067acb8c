using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// Compares all machines that a provisioner lists with the rentals of its grid, and repairs what differs. A machine without a rental is deleted once two
/// comparisons have found it, since whoever deletes must be sure. A rental without a machine gets it: what the provisioner has lost is made again, and what was
/// never ordered is. A comparison that could not read the whole list concludes nothing from what it did not see.
/// </summary>
public sealed partial class CompareMachines(
    NpgsqlDataSource database, Provisioners provisioners, ProvisionerClients clients, ProvisioningMetrics metrics, IOptions<ProvisioningOptions> options,
    ILogger<CompareMachines> logger)
{
    /// <summary>A million machines in one grid; a list that goes on is not believed.</summary>
    private const int PagesMax = 10_000;

    private readonly ProvisioningOptions settings = options.Value;

    /// <summary>Compares each grid whose last comparison is old enough, by whichever replica it was.</summary>
    /// <returns>What was found at the grids that were compared.</returns>
    public async Task<IReadOnlyList<MachineComparison>> Execute(CancellationToken cancellation)
    {
        var found = new List<MachineComparison>();
        foreach (ProvisionerClient client in clients.All)
        {
            if (await database.TakeComparisonAsync(client.Grid, settings.CompareInterval, cancellation).ConfigureAwait(false) is not { } begunAt)
                continue;
            if (await TryCompareAsync(client, begunAt, cancellation).ConfigureAwait(false) is { } comparison)
                found.Add(comparison);
        }
        return found;
    }

    /// <summary>A grid whose provisioner does not answer is compared the next time, and the others now.</summary>
    private async Task<MachineComparison?> TryCompareAsync(ProvisionerClient client, DateTimeOffset begunAt, CancellationToken cancellation)
    {
        try
        {
            MachineComparison comparison = await CompareAsync(client, begunAt, cancellation).ConfigureAwait(false);
            metrics.Differ(client.Grid, "stray", comparison.StrayCount);
            metrics.Differ(client.Grid, "deleted", comparison.DeletedCount);
            metrics.Differ(client.Grid, "missing", comparison.MissingCount);
            metrics.Differ(client.Grid, "unordered", comparison.UnorderedCount);
            LogCompared(
                client.Grid, comparison.ListedCount, comparison.StrayCount, comparison.DeletedCount, comparison.MissingCount, comparison.UnorderedCount);
            return comparison;
        }
        catch (ProvisionerException failure)
        {
            metrics.Fail(client.Grid, failure.Failure.ToString());
            LogNotCompared(client.Grid, failure.Message);
            await database.ReleaseComparisonAsync(client.Grid, cancellation).ConfigureAwait(false);
            return null;
        }
    }

    private async Task<MachineComparison> CompareAsync(ProvisionerClient client, DateTimeOffset begunAt, CancellationToken cancellation)
    {
        HashSet<Guid> seen = [];
        int strayCount = 0, deletedCount = 0, unreadCount = 0;
        RentalId? after = null;
        for (int number = 1; number == 1 || after is not null; number++)
        {
            if (number > PagesMax)
                throw new ProvisionerException(ProvisionerFailure.NotUnderstood, "The provisioner's list does not end.");
            MachinePage page = await client.ListAsync(after, cancellation).ConfigureAwait(false);
            unreadCount += page.UnreadCount;
            seen.UnionWith(page.Machines.Select(machine => machine.Id.Value));
            List<SeenStray> strays = await database.NoteStraysAsync(
                client.Grid, [.. page.Machines.Where(Exists).Select(machine => machine.Id.Value)], begunAt, cancellation).ConfigureAwait(false);
            strayCount += strays.Count;
            foreach (SeenStray stray in strays.Where(stray => begunAt - stray.FirstSeenAt >= settings.StrayAge))
            {
                MachineReport report = page.Machines.First(machine => machine.Id.Value == stray.RentalId).Report;
                await client.DeleteAsync(new RentalId(stray.RentalId), report.Version + 1, cancellation).ConfigureAwait(false);
                deletedCount++;
            }
            after = page.Next;
        }
        int missingCount = unreadCount > 0
            ? 0 // One of those that could not be read may be it.
            : await database.HurryUnseenAsync(client.Grid, [.. seen], begunAt, cancellation).ConfigureAwait(false);
        int unorderedCount = await database.OrderMissingAsync(provisioners, client.Grid, cancellation).ConfigureAwait(false);
        await database.EndComparisonAsync(client.Grid, begunAt, cancellation).ConfigureAwait(false);
        return new MachineComparison(client.Grid, seen.Count, strayCount, deletedCount, missingCount, unorderedCount);
    }

    private static bool Exists((RentalId Id, MachineReport Report) machine) =>
        machine.Report.State is not (MachineReportState.Deleting or MachineReportState.Gone);

    [LoggerMessage(LogLevel.Information,
        "Compared the machines of grid {Grid}: {Listed} listed; {Strays} without a rental, of which {Deleted} were deleted; "
        + "{Missing} rentals whose machine is missing, {Unordered} whose machine was never ordered")]
    private partial void LogCompared(string grid, int listed, int strays, int deleted, int missing, int unordered);

    [LoggerMessage(LogLevel.Warning, "The machines of grid {Grid} could not be compared with its rentals: {Reason}")]
    private partial void LogNotCompared(string grid, string reason);
}

/// <summary>What a comparison of one grid found.</summary>
/// <param name="Grid">The grid's name.</param>
/// <param name="ListedCount">Machines that the provisioner lists.</param>
/// <param name="StrayCount">Of these, how many no rental wants.</param>
/// <param name="DeletedCount">Of these, how many were told to be deleted, since an earlier comparison had found them too.</param>
/// <param name="MissingCount">Machines that should be ready and are not listed; they are looked at now, and made again.</param>
/// <param name="UnorderedCount">Rentals for which no machine was ordered; it is now.</param>
public sealed record MachineComparison(string Grid, int ListedCount, int StrayCount, int DeletedCount, int MissingCount, int UnorderedCount);
