using System.Globalization;
using Mycelium.Bench.Servers;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// The minimal form of renting: one conditional update and one row, one round trip each, committed durably, by pgbench with prepared statements, on
/// separate tables in the same server. No lock service, no ledger, no idempotency, no events, no HTTP.
/// </summary>
internal sealed class BareSql : IDisposable
{
    private const string Tables = """
        CREATE TABLE nodes (id bigint PRIMARY KEY, capacity integer NOT NULL, allocated integer NOT NULL) WITH (fillfactor = 70);
        INSERT INTO nodes SELECT number, 2000000000, 0 FROM generate_series(1, 1000) AS number;
        CREATE TABLE rentals (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(), node_id bigint NOT NULL REFERENCES nodes, slice_total integer NOT NULL,
            price_per_hour bigint NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL);
        """;

    private const string Transaction = """
        \set node random(1, :nodes)
        BEGIN;
        UPDATE nodes SET allocated = allocated + 1 WHERE id = :node AND allocated + 1 <= capacity;
        INSERT INTO rentals (node_id, slice_total, price_per_hour, starts_at, ends_at) VALUES (:node, 1, 15000, now(), now() + interval '1 hour');
        COMMIT;
        """;

    private readonly NpgsqlConnectionStringBuilder server;
    private readonly string folder = Directory.CreateTempSubdirectory("mycelium-bench-").FullName;

    private BareSql(string connectionString) => server = new NpgsqlConnectionStringBuilder(connectionString);

    public static async Task<BareSql> CreateAsync(string connectionString)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        await database.RunAsync(Tables);
        var bare = new BareSql(connectionString);
        await File.WriteAllTextAsync(bare.Script, Transaction + "\n");
        return bare;
    }

    public async Task<RentRun> RunAsync(int nodes, int clients, int seconds)
    {
        await ChildProcess.RunAsync("pgbench",
        [
            "-h", server.Host!, "-p", Text(server.Port), "-U", server.Username!, "-n", "-M", "prepared", "-f", Script, "-D", "nodes=" + Text(nodes),
            "-c", Text(clients), "-j", Text(Math.Min(clients, 2)), "-T", Text(seconds), "-l", "--log-prefix", Path.Combine(folder, "log"), server.Database!,
        ], workingDirectory: folder);

        List<double> milliseconds = [];
        foreach (string log in Directory.GetFiles(folder, "log.*"))
        {
            // The third field is the duration of the transaction in microseconds.
            await foreach (string line in File.ReadLinesAsync(log))
                milliseconds.Add(double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1_000);
            File.Delete(log);
        }
        return RentRun.Of(milliseconds, seconds);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Script => Path.Combine(folder, "rent.sql");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
