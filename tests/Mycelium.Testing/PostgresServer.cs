using System.Globalization;
using Npgsql;

namespace Mycelium.Testing;

/// <summary>
/// A private PostgreSQL from the installed binaries, on a free port, in a temporary folder. The tests of a process share one server and create a
/// database each; a fault test starts its own server, so that it can kill it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The application's role, which owns nothing.</summary>
    private const string Application = "mycelium_app";

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

    /// <summary>The server that all tests of this process share. Never kill it.</summary>
    public static Task<PostgresServer> Shared => SharedServer.Value;

    public int Port { get; private set; }

    public int ProcessId => process.Id;

    /// <param name="durable">Whether to enable fsync and full-page writes, for tests that kill the server; without them it is faster.</param>
    /// <param name="sharedBuffers">The size of its cache.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false, string sharedBuffers = "128MB")
    {
        DeleteLeftovers();
        var server = new PostgresServer(await CreateDirectoryAsync(), FreePort.Next(), durable, sharedBuffers);
        await RunAsPostgresAsync("initdb", "-D", server.DataDirectory, "-U", "mycelium", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await server.StartProcessAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DeleteFiles();
        await server.ScalarAsync($"CREATE ROLE {Application} LOGIN");
        return server;
    }

    /// <summary>
    /// Returns a connection string for the same database with the application's role, which replicas of the API use. A migrator grants its rights.
    /// </summary>
    public static string AsApplication(string owner) => new NpgsqlConnectionStringBuilder(owner) { Username = Application }.ConnectionString;

    /// <summary>
    /// Creates an empty database and returns a connection string as its owner, who may do anything: for migrations and a test's own statements.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}");
        // Without a pool: the pool may hold connections to a killed server that used the same port.
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}" + (template is null ? "" : $" TEMPLATE {template}"), connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Returns the output of <c>pg_dump</c>: a backup, as text.</summary>
    public static async Task<string> DumpAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return await ChildProcess.RunAsync(
            Path.Combine(Binaries(), "pg_dump"),
            ["-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, settings.Database!]);
    }

    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=mycelium;Database={database}");

    /// <summary>Kills the server and every backend at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        string children = await ChildProcess.RunAsync("sh", ["-c", $"pgrep -P {process.Id} || true"]);
        process.Kill();
        foreach (string id in children.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await ChildProcess.RunAsync("sh", ["-c", $"kill -9 {id} 2>/dev/null || true"]);
    }

    /// <summary>Shuts down cleanly, as an operator would.</summary>
    public async Task StopAsync()
    {
        process.Signal("INT");
        await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Makes a cold copy of the data folder that replaces the previous copy. The server must be stopped.</summary>
    public Task SaveDataAsync() => ChildProcess.RunAsync("sh", ["-c", $"rm -rf '{SavedDirectory}' && cp -a '{DataDirectory}' '{SavedDirectory}'"]);

    /// <summary>Replaces the data with the copy. The server must be stopped.</summary>
    public Task RestoreDataAsync() => ChildProcess.RunAsync("sh", ["-c", $"rm -rf '{DataDirectory}' && cp -a '{SavedDirectory}' '{DataDirectory}'"]);

    /// <summary>Starts a standby that follows this server by streaming replication and has caught up with it.</summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var standby = new PostgresServer(await CreateDirectoryAsync(), FreePort.Next(), durable, sharedBuffers);
        await RunAsPostgresAsync(
            "pg_basebackup", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "mycelium", "-D", standby.DataDirectory,
            "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf");
        await standby.StartProcessAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => standby.DeleteFiles();
        await standby.CatchUpAsync(this);
        return standby;
    }

    /// <summary>Waits until everything that the primary has flushed is replayed on this standby.</summary>
    public async Task CatchUpAsync(PostgresServer primary)
    {
        string flushed = (string)(await primary.ScalarAsync("SELECT pg_current_wal_flush_lsn()::text"))!;
        await Eventually.HoldsAsync(async () => await ScalarAsync($"SELECT pg_last_wal_replay_lsn() >= '{flushed}'") is true, "the standby has caught up");
    }

    /// <summary>Stops replication: everything committed on the primary from now on is the tail that a failover loses.</summary>
    public async Task StopReceivingAsync()
    {
        await ScalarAsync("ALTER SYSTEM SET primary_conninfo = ''");
        await ScalarAsync("SELECT pg_reload_conf()");
        await Eventually.HoldsAsync(async () => await ScalarAsync("SELECT count(*) FROM pg_stat_wal_receiver") is 0L, "the standby receives nothing");
    }

    /// <summary>Promotes this standby to primary at the address of the killed one.</summary>
    public async Task PromoteAsync(PostgresServer killed)
    {
        await ScalarAsync("SELECT pg_promote()");
        await Eventually.HoldsAsync(async () => await ScalarAsync("SELECT pg_is_in_recovery()") is false, "the standby is promoted");
        await StopAsync();
        Port = killed.Port;
        await StartProcessAsync();
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
        await process.WaitForLineAsync(line => line.Contains("ready to accept", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync()
    {
        process.Dispose();
        DeleteFiles();
        return ValueTask.CompletedTask;
    }

    /// <summary>Deletes the folders of test processes that were killed before they could clean up.</summary>
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
                // Another test process is deleting it.
            }
        }
    }

    private string DataDirectory => Path.Combine(directory, "data");
    private string SavedDirectory => Path.Combine(directory, "saved");

    private static async Task<string> CreateDirectoryAsync()
    {
        string directory = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{FolderPrefix}{Environment.ProcessId}-")).FullName;
        if (Environment.UserName == "root")
            await ChildProcess.RunAsync("chown", ["postgres:postgres", directory]);
        return directory;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

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

    /// <summary>PostgreSQL refuses to run as root, so under root the packaged user runs it.</summary>
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
