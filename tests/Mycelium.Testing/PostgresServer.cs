using System.Globalization;
using Npgsql;

namespace Mycelium.Testing;

/// <summary>
/// A private PostgreSQL from the installed binaries, on a free port, in a temporary folder. Tests share one a process and take a database each;
/// a fault test starts its own, so that it may kill it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(() => StartAsync());
    private const string FolderPrefix = "mycelium-postgres-";
    private static int databases;
    private readonly string directory;
    private readonly bool durable;
    private readonly string sharedBuffers;
    private ChildProcess process = null!;

    private PostgresServer(string directory, int port, bool durable, string sharedBuffers)
    {
        this.directory = directory;
        this.durable = durable;
        this.sharedBuffers = sharedBuffers;
        Port = port;
    }

    /// <summary>The server that all tests of this process share; never kill it.</summary>
    public static Task<PostgresServer> Shared => SharedServer.Value;

    public int Port { get; }

    public int ProcessId => process.Id;

    /// <param name="durable">With fsync and full-page writes, for tests that kill the server; without them it is quicker.</param>
    /// <param name="sharedBuffers">The size of its cache.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false, string sharedBuffers = "128MB")
    {
        DeleteLeftovers();
        string directory = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{FolderPrefix}{Environment.ProcessId}-")).FullName;
        var server = new PostgresServer(directory, FreePort.Next(), durable, sharedBuffers);
        if (Environment.UserName == "root")
            await ChildProcess.RunAsync("chown", ["postgres:postgres", directory]);
        await RunAsPostgresAsync("initdb", "-D", server.DataDirectory, "-U", "mycelium", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await server.StartProcessAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DeleteFiles();
        return server;
    }

    /// <summary>A connection string to a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}" + (template is null ? "" : $" TEMPLATE {template}"), connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=mycelium;Database={database}");

    /// <summary>Ends the server and every backend at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        string children = await ChildProcess.RunAsync("sh", ["-c", $"pgrep -P {process.Id} || true"]);
        process.Kill();
        foreach (string id in children.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await ChildProcess.RunAsync("sh", ["-c", $"kill -9 {id} 2>/dev/null || true"]);
    }

    public async Task StartProcessAsync()
    {
        string[] settings =
        [
            "-D", DataDirectory, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", directory,
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", $"shared_buffers={sharedBuffers}",
            .. durable ? Array.Empty<string>() : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        ];
        (string file, string[] arguments) = AsPostgres("postgres", settings);
        process = ChildProcess.Start(file, arguments);
        await process.WaitForLineAsync(line => line.Contains("ready to accept connections", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        process.Dispose();
        DeleteFiles();
        return ValueTask.CompletedTask;
    }

    /// <summary>Folders of test processes that were killed before they could tidy up.</summary>
    private static void DeleteLeftovers()
    {
        foreach (string folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            string owner = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{owner}"))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Another test process is at it.
            }
        }
    }

    private string DataDirectory => Path.Combine(directory, "data");

    private void DeleteFiles()
    {
        process.Dispose();
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static async Task RunAsPostgresAsync(string program, params string[] arguments)
    {
        (string file, string[] all) = AsPostgres(program, arguments);
        await ChildProcess.RunAsync(file, all);
    }

    /// <summary>PostgreSQL refuses to run as root: there, the packaged user runs it.</summary>
    private static (string File, string[] Arguments) AsPostgres(string program, string[] arguments)
    {
        string path = Path.Combine(Binaries(), program);
        return Environment.UserName == "root"
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig", "KILL", path, .. arguments])
            : (path, arguments);
    }

    private static string Binaries()
    {
        string? newest = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).FirstOrDefault()
            : null;
        string? onPath = Environment.GetEnvironmentVariable("PATH")?.Split(':').FirstOrDefault(entry => File.Exists(Path.Combine(entry, "initdb")));
        return newest is not null ? Path.Combine(newest, "bin") : onPath
            ?? throw new InvalidOperationException("PostgreSQL is not installed. ./test installs it, or: apt-get install postgresql");
    }
}
