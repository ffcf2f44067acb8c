using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>
/// The machines of all grids of the stand-in: each is an SSH server of its own on this machine. What was deleted is remembered by its version, so that an order
/// that was delayed on its way does not bring it back.
/// </summary>
public sealed class MachineRegistry(StandInOptions options) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Grid, Guid RentalId), StandInMachine> machines = [];
    private readonly HashSet<Task> booting = [];
    private volatile bool hasAny;
    private readonly Lazy<string> folder = new(() => options.MachineFolder is { } given
        ? Directory.CreateDirectory(given).FullName
        : Directory.CreateTempSubdirectory("mycelium-machines-").FullName);

    /// <summary>Whether any machine was ever ordered: most stand-ins never see one.</summary>
    internal bool HasAny => hasAny;

    /// <summary>How many SSH servers run now.</summary>
    public int RunningCount
    {
        get
        {
            lock (gate)
                return machines.Values.Count(machine => machine.Server is not null);
        }
    }

    /// <summary>Whether the SSH server of a rental runs now.</summary>
    public bool IsRunning(Guid rentalId)
    {
        lock (gate)
            return machines.Values.Any(machine => machine.RentalId == rentalId && machine.Server is not null);
    }

    /// <summary>Loses every trace of a machine, as a provisioner does whose disk was restored.</summary>
    public async Task ForgetAsync(Guid rentalId)
    {
        SshServer? server = null;
        lock (gate)
        {
            foreach ((string Grid, Guid RentalId) key in machines.Keys.Where(key => key.RentalId == rentalId).ToArray())
            {
                server = machines[key].Server;
                machines[key].Server = null;
                machines[key].State = "GONE";
                machines.Remove(key);
            }
        }
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>What machines that were deployed before this instant occupy on a node.</summary>
    internal Resources UsedOn(string grid, long node, long unixSeconds)
    {
        lock (gate)
        {
            WantedMachine[] deployed =
            [
                .. machines.Where(pair => pair.Key.Grid == grid && pair.Value.Wanted?.Node == node
                    && pair.Value.DeployedAt is { } at && at <= DateTimeOffset.FromUnixTimeSeconds(unixSeconds)).Select(pair => pair.Value.Wanted!),
            ];
            return new Resources(
                deployed.Sum(machine => machine.Cores), deployed.Sum(machine => machine.SsdBytes), 0, deployed.Sum(machine => machine.MemoryBytes));
        }
    }

    internal async Task<ProvisionerAnswer> PutAsync(string grid, Guid rentalId, WantedMachine wanted, ProvisionerFaults faults)
    {
        StandInMachine machine;
        SshServer? old;
        lock (gate)
        {
            if (machines.TryGetValue((grid, rentalId), out StandInMachine? known))
            {
                if (known.Version > wanted.Version || (known.Version == wanted.Version && known.IsGone))
                    return new ProvisionerAnswer(StatusCodes.Status409Conflict, known.Status(faults));
                if (known.Version == wanted.Version)
                    return known.Wanted == wanted ? Ok(known, faults) : Refused("this version is already another machine");
            }
            if (wanted.Problem() is { } problem)
                return Refused(problem);
            if (machines.Values.Count(other => !other.IsGone && other.RentalId != rentalId) >= options.MachineMax)
                return Refused("there is no room for another machine");
            old = known?.Server;
            machine = known ?? new StandInMachine(rentalId, wanted.Version);
            (machine.Version, machine.Wanted, machine.State, machine.Server, machine.DeployedAt) = (wanted.Version, wanted, "CREATING", null, null);
            machines[(grid, rentalId)] = machine;
            hasAny = true;
        }
        if (old is not null)
            await old.DisposeAsync();
        Start(machine, wanted);
        lock (gate)
            return new ProvisionerAnswer(StatusCodes.Status202Accepted, machine.Status(faults));
    }

    internal ProvisionerAnswer Find(string grid, Guid rentalId, ProvisionerFaults faults)
    {
        lock (gate)
            return machines.TryGetValue((grid, rentalId), out StandInMachine? machine) && machine.Wanted is not null ? Ok(machine, faults) : NotFound();
    }

    internal async Task<ProvisionerAnswer> DeleteAsync(string grid, Guid rentalId, long version, ProvisionerFaults faults)
    {
        SshServer? server;
        StandInMachine? machine;
        lock (gate)
        {
            if (!machines.TryGetValue((grid, rentalId), out machine))
            {
                machines[(grid, rentalId)] = new StandInMachine(rentalId, version) { State = "GONE" };
                return NotFound();
            }
            if (machine.Version > version)
                return new ProvisionerAnswer(StatusCodes.Status409Conflict, machine.Status(faults));
            server = machine.Server;
            (machine.Version, machine.State, machine.Server, machine.DeployedAt) = (version, "GONE", null, null);
        }
        if (server is not null)
            await server.DisposeAsync();
        lock (gate)
            return machine.Wanted is null ? NotFound() : Ok(machine, faults);
    }

    internal ProvisionerAnswer List(string grid, Guid after, int limit, ProvisionerFaults faults)
    {
        lock (gate)
        {
            StandInMachine[] rest = [.. machines.Where(pair => pair.Key.Grid == grid && !pair.Value.IsGone && pair.Key.RentalId.CompareTo(after) > 0)
                .Select(pair => pair.Value)];
            StandInMachine[] page = [.. rest.Take(limit)];
            return new ProvisionerAnswer(StatusCodes.Status200OK, new
            {
                machines = page.Select(machine => machine.Status(faults)).ToArray(),
                next = rest.Length > page.Length ? page[^1].RentalId : (Guid?)null,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] unfinished;
        SshServer[] servers;
        lock (gate)
        {
            foreach (StandInMachine machine in machines.Values)
                machine.State = "GONE"; // What is still booting stops.
            servers = [.. machines.Values.Select(machine => machine.Server).OfType<SshServer>()];
            unfinished = [.. booting];
        }
        await Task.WhenAll(unfinished);
        foreach (SshServer server in servers)
            await server.DisposeAsync();
        if (folder.IsValueCreated)
            Directory.Delete(folder.Value, recursive: true);
    }

    private void Start(StandInMachine machine, WantedMachine wanted)
    {
        Task boot = BootAsync(machine, wanted);
        lock (gate)
            booting.Add(boot);
        boot.ContinueWith(
            done =>
            {
                lock (gate)
                    booting.Remove(done);
            },
            TaskScheduler.Default);
    }

    private async Task BootAsync(StandInMachine machine, WantedMachine wanted)
    {
        SshServer? server = null;
        string? reason = null;
        try
        {
            await Task.Delay(options.MachineDelay);
            server = await SshServer.StartAsync(Path.Combine(folder.Value, $"{machine.RentalId}-{wanted.Version}"), machine.RentalId, wanted);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            reason = failure.Message;
        }
        lock (gate)
        {
            if (machine.Version == wanted.Version && !machine.IsGone)
            {
                (machine.State, machine.Reason, machine.Server) = (server is null ? "FAILED" : "READY", reason, server);
                machine.DeployedAt = server is null ? null : TimeProvider.System.GetUtcNow();
                return;
            }
        }
        if (server is not null)
            await server.DisposeAsync(); // It was deleted or changed in the meantime.
    }

    private static ProvisionerAnswer Ok(StandInMachine machine, ProvisionerFaults faults) => new(StatusCodes.Status200OK, machine.Status(faults));

    private static ProvisionerAnswer NotFound() => new(StatusCodes.Status404NotFound, new { error = "there is no such machine" });

    private static ProvisionerAnswer Refused(string reason) => new(StatusCodes.Status422UnprocessableEntity, new { error = reason });
}
