namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Where the facts are, and how long anything may wait for them: section <c>Postgres</c>. What the connection string itself sets takes precedence.
/// </summary>
public sealed class PostgresOptions
{
    public const string Section = "Postgres";

    /// <summary>As the application's role, which owns nothing: what it may do is in <c>Postgres/Schema/Rights.sql</c>.</summary>
    public string ConnectionString { get; set; } = "Host=127.0.0.1;Username=mycelium;Database=mycelium";

    /// <summary>
    /// As the owner of the schema, for migrating at start and nothing else: the connection is closed afterwards. Empty for a replica that does not migrate; it
    /// waits until another one has. The same as <see cref="ConnectionString"/> for a database with a single role, which only Development starts with.
    /// </summary>
    public string MigratorConnectionString { get; set; } = "";

    /// <summary>To open a connection, or to get one from the pool: the driver's default of 15 s is longer than any caller waits.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>For the answer to a command. A whole server that falls silent is found by the probe, sooner than this.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// For the end of a command that was cancelled or timed out, before its connection is given up: the driver's 2 s are more than a caller has left.
    /// </summary>
    public TimeSpan CancellationTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often each replica checks whether PostgreSQL is available.</summary>
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// For the answer to that; a server that takes longer for one row counts as unavailable. With <see cref="ProbePeriod"/> this is what the first callers of a
    /// silent server wait: 2 s of the 5 s that a request may take.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>PostgreSQL's own bound on a statement, below <see cref="CommandTimeout"/>, so that the server gives up first and reports why.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>For a row lock. A caller that would wait longer gets an answer that the node is contended, and may try again.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>
    /// A transaction that is idle for this long is ended, and its locks with it: a replica that was stopped in the middle blocks others this long, and
    /// cannot commit when it wakes up.
    /// </summary>
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Connections of one replica. PostgreSQL works best with a few busy ones per core; three replicas stay, with those below and one each for the probe, under
    /// the 200 that our compose file allows.
    /// </summary>
    public int PoolSizeMax { get; set; } = 33;

    /// <summary>Further connections of one replica, which only read lists: few, since each is used for a millisecond.</summary>
    public int ReadingPoolSizeMax { get; set; } = 16;

    /// <summary>
    /// Further connections of one replica, which only look rows up by key: two rounds of rentals at a time, nodes that are served by themselves, and the reader
    /// of new events.
    /// </summary>
    public int KeyedPoolSizeMax { get; set; } = 16;

    /// <summary>Finds a dead peer on an idle connection.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Statements that a connection keeps prepared after their second use; ours are fewer.</summary>
    public int PreparedMax { get; set; } = 200;

    /// <summary>
    /// Lists are read by statements of our own where these give what Entity Framework would; false has it read everything, which takes three times the
    /// processor time.
    /// </summary>
    public bool DirectReading { get; set; } = true;

    /// <summary>For waiting until another replica has migrated, and for migrating.</summary>
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
