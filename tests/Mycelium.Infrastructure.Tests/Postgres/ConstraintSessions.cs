using System.Text.RegularExpressions;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>
/// The sessions that constraints are tried in: the owner's, the application's, and one for each setting that the code gives to a session. The last ones belong
/// to a role with every right on rows and none on tables, so that a missing right cannot hide a constraint that the setting switches off.
/// </summary>
public sealed partial class ConstraintSessions : IAsyncLifetime
{
    public const string Owner = "the owner";
    public const string Application = "the application";

    /// <summary>A role with every right on rows, as the application has them, and none on tables.</summary>
    public const string Writer = """
        DO $$ BEGIN CREATE ROLE writer; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        GRANT USAGE ON SCHEMA public TO writer;
        GRANT ALL ON ALL TABLES IN SCHEMA public TO writer;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO writer;
        GRANT EXECUTE ON FUNCTION market_now() TO writer;
        """;

    /// <summary>
    /// Attempts a statement to its end, deferred checks included, and undoes it. Returns the constraint that refused it (or the state), or null when none did.
    /// </summary>
    public const string Attempt = """
        CREATE FUNCTION public.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE
            constraint_name text; state text; message text;
        BEGIN
            EXECUTE statement;
            SET CONSTRAINTS ALL IMMEDIATE;
            RAISE EXCEPTION 'accepted' USING ERRCODE = 'MY000';
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS constraint_name = CONSTRAINT_NAME, state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
            RETURN CASE WHEN state = 'MY000' THEN NULL ELSE state || ' ' || constraint_name || ' ' || message END;
        END $$;
        """;

    /// <summary>What the code sets in a session or a transaction after it has connected.</summary>
    private static readonly string[] setLater =
        ["check_function_bodies=off", "lock_timeout=1s", "statement_timeout=30s", "idle_in_transaction_session_timeout=60s"];

    /// <summary>What every kind of connection sets when it connects, by the code that makes connections.</summary>
    private static readonly (string Name, string[] Settings)[] setByConnecting = [.. Connections().Select(SettingsOf)];

    /// <summary>Each setting by itself, and all settings of a kind of connection together.</summary>
    private static readonly Dictionary<string, string[]> bySetting =
        setByConnecting.SelectMany(one => one.Settings).Concat(setLater).Distinct().Select(setting => (Name: setting, Settings: new[] { setting }))
            .Concat(setByConnecting.Where(one => one.Settings.Length > 1))
            .ToDictionary(session => session.Name, session => session.Settings);

    private TestMarket? stocked;

    /// <summary>Every session, for a theory: a setting, or the name of a kind of connection for all settings of that kind.</summary>
    public static TheoryData<string> All => new([Owner, Application, .. bySetting.Keys]);

    /// <summary>The names of all settings that a session of <see cref="All"/> has.</summary>
    public static IEnumerable<string> SettingNames => bySetting.Values.SelectMany(settings => settings).Select(setting => setting.Split('=')[0]).Distinct();

    /// <summary>Shared by tests that leave nothing behind but wallets.</summary>
    internal TestMarket Market => stocked!;

    public async Task InitializeAsync()
    {
        stocked = await StockAsync();
        await stocked.SqlAsync(Attempt + Writer);
    }

    public async Task DisposeAsync()
    {
        if (stocked is null)
            return;
        await stocked.CheckAsync();
        await stocked.DisposeAsync();
    }

    /// <summary>A node of 4 slices with two active rentals and a cancelled one, and another node.</summary>
    internal static async Task<TestMarket> StockAsync()
    {
        TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        await market.PublishAsync(id: 2);
        AccountId renter = await market.AccountAsync("10");
        await market.RentedAsync(market.Request(renter, node));
        Rental ended = await market.RentedAsync(market.Request(renter, node));
        await market.CancelAsync(ended);
        await market.RentedAsync(market.Request(renter, node, multiplier: 2));
        return market;
    }

    internal async Task<NpgsqlConnection> OpenAsync(string session)
    {
        switch (session)
        {
            case Owner:
                return await Market.Replica.Owner.OpenConnectionAsync();
            case Application:
                return await Market.Replica.Database.OpenConnectionAsync();
        }
        // Of no pool: the role and the settings end with the session.
        string options = string.Join(' ', bySetting[session].Select(setting => $"-c {setting}"));
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Market.ConnectionString) { Pooling = false, Options = options }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SET ROLE writer", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static IEnumerable<string> Connections()
    {
        // A loaded machine must not run into the time-outs of a replica.
        var options = new PostgresOptions
        {
            ConnectionString = "Host=localhost",
            MigratorConnectionString = "Host=localhost",
            StatementTimeout = TimeSpan.FromSeconds(20),
            LockTimeout = TimeSpan.FromSeconds(15),
            IdleInTransactionTimeout = TimeSpan.FromSeconds(20),
        };
        NpgsqlDataSource[] sources = [PostgresSource.Create(options), PostgresSource.CreateReading(options), PostgresSource.CreateKeyed(options)];
        foreach (NpgsqlDataSource source in sources)
        {
            using (source)
                yield return source.ConnectionString;
        }
        yield return PostgresSource.MigratorConnectionString(options);
        yield return PostgresSource.ProbeConnectionString(options);
    }

    private static (string Name, string[] Settings) SettingsOf(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return (settings.ApplicationName!,
            [.. CommandLineSetting().Matches(settings.Options ?? "").Select(match => match.Groups[1].Value), $"timezone={settings.Timezone}"]);
    }

    [GeneratedRegex(@"-c (\S+)")]
    private static partial Regex CommandLineSetting();
}
