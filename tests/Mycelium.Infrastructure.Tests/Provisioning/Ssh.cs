using System.Globalization;
using Mycelium.Domain.Provisioning;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>A renter with a key of its own, who logs in as any renter does: with <c>ssh</c>, and believing the host keys of the API alone.</summary>
internal sealed class Ssh : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mycelium-ssh-");

    private Ssh()
    {
    }

    public string PublicKey { get; private set; } = "";

    public static async Task<Ssh> CreateAsync()
    {
        var ssh = new Ssh();
        await ChildProcess.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "renter", "-f", ssh.PathOf("id")]);
        ssh.PublicKey = (await File.ReadAllTextAsync(ssh.PathOf("id.pub"))).Trim();
        return ssh;
    }

    /// <exception cref="InvalidOperationException">The host key is another, the key is not let in, or the command failed.</exception>
    public async Task<string> RunAsync(MachineAccess access, string command)
    {
        string host = string.Create(CultureInfo.InvariantCulture, $"[{access.Host}]:{access.Port}");
        await File.WriteAllLinesAsync(PathOf("known_hosts"), access.HostKeys.Select(key => $"{host} {key}"));
        return await ChildProcess.RunAsync(
            "ssh",
            [
                "-F", "none", "-i", PathOf("id"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=none", "-o", $"UserKnownHostsFile={PathOf("known_hosts")}",
                "-p", access.Port.ToString(CultureInfo.InvariantCulture), "-l", access.User, access.Host, command,
            ],
            deadline: TimeSpan.FromSeconds(30));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
