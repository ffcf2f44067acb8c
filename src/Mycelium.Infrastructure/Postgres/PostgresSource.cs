using System.Globalization;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Makes the connections' settings from the options.</summary>
internal static class PostgresSource
{
    public const string Name = "mycelium";

    /// <summary>What <c>pg_stat_activity</c> shows of the connections that read lists.</summary>
    public const string ReadingName = Name + "-reading";

    /// <summary>The same of those that look rows up by key.</summary>
    public const string KeyedName = Name + "-keyed";

    /// <summary>The same of the one that migrates.</summary>
    public const string MigratorName = Name + "-migrator";

    /// <summary>The same of the one that probes whether PostgreSQL is available.</summary>
    public const string ProbeName = Name + "-probe";

    public static NpgsqlDataSource Create(PostgresOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionString(options)) { Name = Name };
        return builder.Build();
    }

    public static NpgsqlDataSource CreateReading(PostgresOptions options) =>
        CreateFor(options, ReadingName, options.ReadingPoolSizeMax, "-c plan_cache_mode=force_generic_plan");

    /// <summary>Every statement there looks rows up by key, also while tables are small and when they have grown since the plan was made.</summary>
    public static NpgsqlDataSource CreateKeyed(PostgresOptions options) =>
        CreateFor(options, KeyedName, options.KeyedPoolSizeMax,
            "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off");

    /// <summary>For migrations: nothing else runs on it, so no statement is cut short.</summary>
    public static string MigratorConnectionString(PostgresOptions options) =>
        new NpgsqlConnectionStringBuilder(options.MigratorConnectionString)
        {
            Timezone = "UTC",
            CommandTimeout = Seconds(options.MigrationTimeout),
            Pooling = false,
            ApplicationName = MigratorName,
        }.ConnectionString;

    /// <summary>For looking whether another replica has migrated: one connection, of no pool.</summary>
    public static string WaitingConnectionString(PostgresOptions options) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(options)) { Pooling = false, ApplicationName = Name }.ConnectionString;

    /// <summary>One connection, of no pool: whether there is room in a pool is not what it checks.</summary>
    public static string ProbeConnectionString(PostgresOptions options) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(options)) { Pooling = false, ApplicationName = ProbeName }.ConnectionString;

    private static NpgsqlDataSource CreateFor(PostgresOptions options, string name, int sizeMax, string planning)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(options)) { MaxPoolSize = sizeMax, ApplicationName = name };
        settings.Options += " " + planning;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
    }

    private static string ConnectionString(PostgresOptions options)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Timezone = "UTC",
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout),
            CancellationTimeout = Milliseconds(options.CancellationTimeout),
            // The driver would first request encryption by Kerberos, on a separate connection: against a silent server, opening a connection and cancelling a
            // command would take twice as long.
            GssEncryptionMode = GssEncryptionMode.Disable,
            KeepAlive = Seconds(options.KeepAlive),
            MaxPoolSize = options.PoolSizeMax,
            MaxAutoPrepare = options.PreparedMax,
            AutoPrepareMinUsages = 2,
            ApplicationName = Name,
            NoResetOnClose = true, // We leave nothing behind in a session: what is set is set for a transaction, and an open one is rolled back anyway.
            IncludeErrorDetail = false, // Details of errors hold rows: wallets, keys.
            // Without compiling: our statements are short, and to compile one takes a tenth of a second.
            Options = string.Create(CultureInfo.InvariantCulture,
                $"-c jit=off -c statement_timeout={Milliseconds(options.StatementTimeout)} -c lock_timeout={Milliseconds(options.LockTimeout)} ")
                + string.Create(CultureInfo.InvariantCulture, $"-c idle_in_transaction_session_timeout={Milliseconds(options.IdleInTransactionTimeout)}"),
        };
        foreach (string key in given.Keys)
            settings[key] = given[key];
        return settings.ConnectionString;
    }

    /// <summary>The driver counts in whole seconds, and treats 0 as no limit.</summary>
    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static int Milliseconds(TimeSpan time) => Math.Max(1, (int)time.TotalMilliseconds);
}
