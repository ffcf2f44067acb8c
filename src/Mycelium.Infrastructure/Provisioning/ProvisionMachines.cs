using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// Brings every machine to what is wanted of it: made while its rental lives, and deleted until it is gone afterwards. Any number of replicas may do this at
/// once. A replica takes machines with a lease and works on each without a transaction open; every request to a provisioner may be sent again, and every write
/// is void if somebody else took the machine in the meantime, so that a replica may die at any step. A machine that fails costs itself alone.
/// </summary>
public sealed partial class ProvisionMachines(
    NpgsqlDataSource database, ProvisionerClients clients, MachineImages images, MachineSeal seal, ActivateRental activate, FailRental fail,
    ProvisioningMetrics metrics, IOptions<ProvisioningOptions> options, ILogger<ProvisionMachines> logger)
{
    /// <summary>A deletion that does not succeed is tried for ever, and less often than a renter is waited for.</summary>
    private static readonly TimeSpan deletionDelayMax = TimeSpan.FromMinutes(10);

    private readonly ProvisioningOptions settings = options.Value;

    /// <summary>One pass, until nothing is due.</summary>
    /// <returns>How many machines were worked on.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int[] counts = await Task.WhenAll(clients.All.Select(client => ExecuteAsync(client, cancellation))).ConfigureAwait(false);
        return counts.Sum();
    }

    private async Task<int> ExecuteAsync(ProvisionerClient client, CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            // As many as are worked on at once: a lease begins with the work.
            List<TakenMachine> taken = await database.TakeMachinesAsync(client.Grid, settings.MachinesAtOnce, settings.Lease, cancellation)
                .ConfigureAwait(false);
            await Task.WhenAll(taken.Select(machine => TryWorkAsync(client, machine, cancellation))).ConfigureAwait(false);
            total += taken.Count;
            if (taken.Count < settings.MachinesAtOnce)
                return total;
        }
    }

    /// <summary>What one machine meets stays with it: it is due again when its lease is over, at the latest.</summary>
    private async Task TryWorkAsync(ProvisionerClient client, TakenMachine taken, CancellationToken cancellation)
    {
        try
        {
            await WorkAsync(client, taken, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            metrics.Fail(client.Grid, failure.GetType().Name);
            LogFailed(failure, taken.Machine.RentalId, client.Grid);
        }
    }

    private async Task WorkAsync(ProvisionerClient client, TakenMachine taken, CancellationToken cancellation)
    {
        Machine machine = taken.Machine;
        try
        {
            switch (machine.Next(taken.Now))
            {
                case MachineStep.Put:
                    await ReportAsync(client, taken, await PutAsync(client, machine, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
                    break;
                case MachineStep.Read:
                    await ReportAsync(
                        client, taken, await client.FindAsync(machine.RentalId, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
                    break;
                case MachineStep.Delete:
                    await DeleteAsync(client, machine, taken.Now, cancellation).ConfigureAwait(false);
                    break;
                case MachineStep.GiveUp:
                    await GiveUpAsync(client, taken, cancellation).ConfigureAwait(false);
                    break;
            }
        }
        catch (ProvisionerRefusedException refusal)
        {
            machine.Refuse(refusal.Message);
            metrics.Fail(client.Grid, "Refused");
            LogRefused(machine.RentalId, client.Grid, machine.Tries);
            await PutOffAsync(machine, cancellation).ConfigureAwait(false);
        }
        catch (ProvisionerException failure)
        {
            machine.Fail();
            metrics.Fail(client.Grid, failure.Failure.ToString());
            LogPutOff(machine.RentalId, client.Grid, machine.Tries, failure.Message);
            await PutOffAsync(machine, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A renter who named no image gets the first of the list.</summary>
    private async Task<MachineReport> PutAsync(ProvisionerClient client, Machine machine, CancellationToken cancellation)
    {
        if (machine.Image is null)
            machine.TakeDefaultImage((await images.OfAsync(client.Grid, cancellation).ConfigureAwait(false))![0].Id);
        return await client.PutAsync(machine, ImageId.Parse(machine.Image), cancellation).ConfigureAwait(false);
    }

    private async Task ReportAsync(ProvisionerClient client, TakenMachine taken, MachineReport? report, CancellationToken cancellation)
    {
        Machine machine = taken.Machine;
        bool wasReady = machine.ReadyAt is not null;
        MachineChange change = report is null ? machine.Miss(taken.Now) : machine.Take(report, taken.Now);
        bool begins = machine.State == MachineState.Ready && taken.IsAwaited;
        byte[]? access = machine.State == MachineState.Ready ? seal.Close(machine.RentalId, report!.Access!) : null;
        // Until its rental has begun it stays due at the end of the lease: a replica that dies here leaves that to the next.
        TimeSpan wait = begins ? settings.Lease : WaitOf(machine);
        if (!await database.WriteMachineAsync(machine, wait, access, cancellation).ConfigureAwait(false))
            return;
        metrics.Change(client.Grid, change);
        if (change is not (MachineChange.None or MachineChange.BecameReady))
            LogChange(machine.RentalId, client.Grid, change, machine.Version);
        if (begins)
        {
            await activate.Execute(machine.RentalId, cancellation).ConfigureAwait(false);
            await database.WriteMachineAsync(machine, WaitOf(machine), access, cancellation).ConfigureAwait(false);
        }
        if (machine.State == MachineState.Failed && taken.IsAwaited) // It was ready, and broke before its rental could begin.
            await fail.Execute(machine.RentalId, cancellation).ConfigureAwait(false);
        if (!wasReady && change == MachineChange.BecameReady)
            metrics.Ready(client.Grid, taken.Now - machine.CreatedAt);
    }

    private async Task DeleteAsync(ProvisionerClient client, Machine machine, DateTimeOffset now, CancellationToken cancellation)
    {
        MachineReport? report = await client.DeleteAsync(machine.RentalId, machine.Version, cancellation).ConfigureAwait(false);
        MachineChange change = machine.TakeRemoval(report, now);
        if (await database.WriteMachineAsync(machine, WaitOf(machine), null, cancellation).ConfigureAwait(false))
            metrics.Change(client.Grid, change);
    }

    /// <summary>A rental that has not begun fails, and with it the machine becomes unwanted; one that has begun goes on, and its renter decides.</summary>
    private async Task GiveUpAsync(ProvisionerClient client, TakenMachine taken, CancellationToken cancellation)
    {
        Machine machine = taken.Machine;
        LogGivenUp(machine.RentalId, client.Grid, machine.Tries);
        metrics.GiveUp(client.Grid);
        if (taken.IsAwaited)
        {
            await fail.Execute(machine.RentalId, cancellation).ConfigureAwait(false);
            return;
        }
        machine.GiveUp();
        await database.WriteMachineAsync(machine, settings.Lease, null, cancellation).ConfigureAwait(false);
    }

    private Task<bool> PutOffAsync(Machine machine, CancellationToken cancellation) =>
        database.WriteMachineAsync(machine, WaitOf(machine), null, cancellation);

    private TimeSpan WaitOf(Machine machine) => machine.State switch
    {
        MachineState.Ready => settings.StatusInterval * (0.9 + 0.2 * Random.Shared.NextDouble()),
        MachineState.Deleting => Backoff(machine.Tries, deletionDelayMax),
        _ => Backoff(machine.Tries, settings.RetryDelayMax),
    };

    /// <summary>Doubles with each attempt that got no further, up to a bound, with jitter.</summary>
    private TimeSpan Backoff(int tries, TimeSpan max)
    {
        TimeSpan wait = settings.RetryDelay * Math.Pow(2, Math.Clamp(tries - 1, 0, 16));
        return (wait < max ? wait : max) * (0.75 + 0.5 * Random.Shared.NextDouble());
    }

    // None of these names what a provisioner sent: addresses and keys of renters' machines stay out of logs.
    [LoggerMessage(LogLevel.Warning, "The machine of rental {Rental} on grid {Grid} was worked on in vain at try {Try} and is tried again: {Failure}")]
    private partial void LogPutOff(RentalId rental, string grid, int @try, string failure);

    [LoggerMessage(LogLevel.Warning, "The provisioner of grid {Grid} refuses to make the machine of rental {Rental} at try {Try}")]
    private partial void LogRefused(RentalId rental, string grid, int @try);

    [LoggerMessage(LogLevel.Warning, "The machine of rental {Rental} on grid {Grid}: {Change}; wanted in version {Version}")]
    private partial void LogChange(RentalId rental, string grid, MachineChange change, long version);

    [LoggerMessage(LogLevel.Warning, "The machine of rental {Rental} on grid {Grid} was not ready in time, after {Tries} tries")]
    private partial void LogGivenUp(RentalId rental, string grid, int tries);

    [LoggerMessage(LogLevel.Error, "The machine of rental {Rental} on grid {Grid} could not be worked on; it is taken again when its lease is over")]
    private partial void LogFailed(Exception failure, RentalId rental, string grid);
}
