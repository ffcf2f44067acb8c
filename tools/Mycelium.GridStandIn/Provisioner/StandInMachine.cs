namespace Mycelium.GridStandIn.Provisioner;

/// <summary>One machine of the registry, at one version. Everything is read and written under the registry's lock.</summary>
internal sealed class StandInMachine(Guid rentalId, long version)
{
    public Guid RentalId => rentalId;

    public long Version { get; set; } = version;

    /// <summary>Null for a machine that was deleted before it was known.</summary>
    public WantedMachine? Wanted { get; set; }

    public string State { get; set; } = "CREATING";

    public string? Reason { get; set; }

    public SshServer? Server { get; set; }

    public DateTimeOffset? DeployedAt { get; set; }

    public bool IsGone => State == "GONE";

    /// <summary>As it is sent.</summary>
    public object Status(ProvisionerFaults faults)
    {
        string state = faults.Has("never-ready") && State == "READY" ? "CREATING" : faults.Has("fails") && !IsGone ? "FAILED" : State;
        SshServer? server = state == "READY" ? Server : null;
        return new
        {
            rentalId = RentalId,
            version = Version,
            state,
            reason = state == "FAILED" ? Reason ?? "The disk image could not be fetched." : null,
            host = server is null ? null : faults.Has("bad-host") ? "127.0.0.1 -o ProxyCommand=id" : SshServer.Host,
            port = server?.Port,
            user = server is null ? null : SshServer.User,
            hostKeys = server is null ? null
                : faults.Has("wrong-host-keys") ? [SshServer.ForeignHostKey]
                : faults.Has("bad-host-keys") ? (string[])["ssh-ed25519 AAAA$(id)"]
                : [server.HostKey],
            instructions = server is null ? null : $"ssh -p {server.Port} {SshServer.User}@{SshServer.Host}",
            consoleUrl = (string?)null,
            used = DeployedAt is { } deployed && Wanted is { } size
                ? new { cores = size.Cores, memoryBytes = size.MemoryBytes, ssdBytes = size.SsdBytes, deployedAt = deployed }
                : null,
            meters = new { publicIpCount = 0, publicIpHours = 0, trafficGib = 0 },
        };
    }
}
