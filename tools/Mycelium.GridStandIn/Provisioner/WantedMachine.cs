namespace Mycelium.GridStandIn.Provisioner;

/// <summary>The body of <c>PUT /machines/{rentalId}</c>.</summary>
public sealed record WantedMachine(
    long Version, long Node, int Slices, int Cores, long MemoryBytes, long SsdBytes, string Image, string SshPublicKey, string Name)
{
    private static readonly string[] kinds = ["ssh-ed25519 ", "ssh-rsa ", "ecdsa-sha2-"];

    /// <summary>Why such a machine cannot be made; null if it can.</summary>
    public string? Problem() => this switch
    {
        { Version: < 1 } => "version starts at 1",
        { Slices: < 1 } or { Cores: < 1 } or { MemoryBytes: < 1 } or { SsdBytes: < 0 } => "a machine has at least one slice",
        _ when !MachineImages.All.Any(image => image.Id == Image) => "there is no such image",
        _ when SshPublicKey.Any(char.IsControl) || !kinds.Any(kind => SshPublicKey.StartsWith(kind, StringComparison.Ordinal)) =>
            "sshPublicKey is one line of an OpenSSH public key",
        _ => null,
    };
}

internal sealed record StandInImage(string Id, string Name, string Description);

internal static class MachineImages
{
    /// <summary>The default first. All of them are this machine's shell.</summary>
    public static readonly IReadOnlyList<StandInImage> All =
    [
        new("ubuntu-24.04", "Ubuntu 24.04 LTS", "A server installation with SSH."),
        new("debian-12", "Debian 12", "A minimal installation with SSH."),
        new("alpine-3.20", "Alpine Linux 3.20", "A small installation with SSH."),
    ];
}
