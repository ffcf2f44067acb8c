using System.Globalization;

namespace Mycelium.Testing;

/// <summary>A private pgbouncer in front of a PostgreSQL, on a free port.</summary>
public sealed class PgBouncer : IDisposable
{
    private readonly string directory;
    private readonly ChildProcess process;

    private PgBouncer(string directory, ChildProcess process, int port) => (this.directory, this.process, Port) = (directory, process, port);

    public int Port { get; }

    /// <param name="postgres">The server behind it.</param>
    /// <param name="mode"><c>transaction</c> or <c>session</c>.</param>
    /// <param name="ignored">Start-up parameters that it ignores instead of refusing the connection.</param>
    public static async Task<PgBouncer> StartAsync(PostgresServer postgres, string mode, string ignored)
    {
        int port = FreePort.Next();
        string directory = Directory.CreateTempSubdirectory("mycelium-pgbouncer-").FullName;
        string settings = Path.Combine(directory, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture,
            $"""
            [databases]
            * = host=127.0.0.1 port={postgres.Port} user=mycelium
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            ignore_startup_parameters = {ignored}
            """));
        string[] run = ["pgbouncer", settings];
        if (Environment.UserName == "root") // It refuses to run as root.
        {
            await ChildProcess.RunAsync("chown", ["-R", "postgres:postgres", directory]);
            run = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "KILL", .. run];
        }
        ChildProcess process = ChildProcess.Start(run[0], run[1..]);
        await process.WaitForLineAsync(line => line.Contains("process up", StringComparison.Ordinal));
        return new PgBouncer(directory, process, port);
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
