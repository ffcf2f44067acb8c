using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mycelium.GridStandIn.Provisioner;

/// <summary>
/// One machine: an <c>sshd</c> on loopback that runs as whoever runs the stand-in, with its own host key, port and home folder. Only the renter's key is let
/// in, without a password; commands run in an empty environment, and nothing is forwarded. It ends with the stand-in, also when that is killed.
/// </summary>
internal sealed class SshServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";

    /// <summary>Of nobody: a host key for a provisioner that lies.</summary>
    public const string ForeignHostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ";

    private const int StartsMax = 3;
    private static readonly TimeSpan startTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Ends the server when our end of its input closes, which the kernel does when this process dies. A shell's background jobs read from nothing, so only the
    /// shell sees the input.
    /// </summary>
    private const string Guard = "\"$@\" & server=$!; read -r _; kill \"$server\"; wait \"$server\"";

    private readonly Process process;
    private readonly string folder;

    private SshServer(Process process, string folder, int port, string hostKey) =>
        (this.process, this.folder, Port, HostKey) = (process, folder, port, hostKey);

    public int Port { get; }

    public static string User => Environment.UserName;

    /// <summary>Kind and base64.</summary>
    public string HostKey { get; }

    /// <exception cref="InvalidOperationException">It does not start; the message says why.</exception>
    public static async Task<SshServer> StartAsync(string folder, Guid rentalId, WantedMachine wanted)
    {
        string sshd = Find("sshd") ?? throw new InvalidOperationException("openssh-server is not installed on the machine of the stand-in.");
        if (OperatingSystem.IsWindows())
            throw new InvalidOperationException("Machines need a Unix system.");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Path.Combine(folder, "home"));
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd", (UnixFileMode)0b111_101_101); // Where sshd shuts its unprivileged half in; a container lacks it.
        string hostKey = await KeyAsync(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "authorized_keys"), wanted.SshPublicKey + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "enter"), SshServerFiles.Enter(folder, rentalId, wanted));
        for (int start = 1; ; start++)
        {
            int port = FreePort();
            await File.WriteAllTextAsync(Path.Combine(folder, "sshd_config"), SshServerFiles.Config(folder, port));
            Process process = Run("/bin/sh", ["-c", Guard, "sh", sshd, "-D", "-e", "-f", Path.Combine(folder, "sshd_config")]);
            if (await AnswersAsync(port, process))
                return new SshServer(process, folder, port, hostKey);
            process.Kill(entireProcessTree: true);
            string said = await process.StandardError.ReadToEndAsync();
            process.Dispose();
            if (start == StartsMax) // Somebody else may have taken the port.
                throw new InvalidOperationException($"sshd does not start: {said.Trim()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true); // With the sessions.
        await process.WaitForExitAsync();
        process.Dispose();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> KeyAsync(string folder)
    {
        string file = Path.Combine(folder, "host_key");
        using Process keygen = Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
        await keygen.WaitForExitAsync();
        return (await File.ReadAllTextAsync(file + ".pub")).Trim();
    }

    private static Process Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
    }

    /// <summary>Whether a server of SSH answers at the port, soon.</summary>
    private static async Task<bool> AnswersAsync(int port, Process process)
    {
        using var limit = new CancellationTokenSource(startTimeout);
        while (!limit.IsCancellationRequested && !process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                byte[] greeting = new byte[4];
                await client.GetStream().ReadExactlyAsync(greeting, limit.Token);
                return greeting.AsSpan().SequenceEqual("SSH-"u8);
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                await Task.Delay(50);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>sshd insists on its whole path, and Debian keeps it off that of users.</summary>
    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/sbin", "/usr/local/sbin", "/sbin"])
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
