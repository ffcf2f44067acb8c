using System.Text.Json;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>The statements that read and write machines. A rental that ends makes its machine unwanted by trigger (<c>machines_follow_rentals</c>).</summary>
internal static class MachineTable
{
    /// <summary>
    /// Only rentals of grids with a provisioner get one, not those of whole nodes, and only those that live: a rental may have ended since it was looked at.
    /// Also repairs what an earlier transaction, or a time without a provisioner, left out.
    /// </summary>
    private const string Want =
        """
        INSERT INTO machines (
            rental_id, node_id, slice_total, image, ssh_public_key, version, state, tries, claim, created_at, deadline_at, next_try_at,
            used_cores, used_memory_bytes, used_ssd_bytes, public_ip_count, public_ip_hours, traffic_gib)
        SELECT rental.id, rental.node_id, rental.slice_total, wanted.image, rental.ssh_public_key, 1, 'Creating', 0, 0, now_is, now_is + $4, now_is,
               0, 0, 0, 0, 0, 0
        FROM unnest($1, $2) AS wanted (id, image) CROSS JOIN (SELECT market_now() AS now_is) AS clock
        CROSS JOIN LATERAL (SELECT * FROM rentals WHERE rentals.id = wanted.id OFFSET 0) AS rental
        WHERE rental.ended_at IS NULL AND rental.kind <> 'WholeNode' AND (rental.node_id >> 32) IN (SELECT number FROM grids WHERE name = ANY ($3))
        ON CONFLICT (rental_id) DO NOTHING
        """;

    /// <summary>The instant is read once, as a value, so that it bounds the index scan.</summary>
    private const string Take =
        """
        UPDATE machines SET claim = claim + 1, next_try_at = market_now() + $3
        WHERE rental_id = ANY (ARRAY(
            SELECT rental_id FROM machines
            WHERE grid_number = (SELECT number FROM grids WHERE name = $1) AND next_try_at <= (SELECT market_now())
            ORDER BY next_try_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED))
        RETURNING (to_jsonb(machines) - 'access')::text, market_now(), (SELECT status FROM rentals WHERE id = machines.rental_id) = 'Provisioning'
        """;

    private const string Columns =
        """
        image = now_is.image, ssh_public_key = now_is.ssh_public_key, version = now_is.version, state = now_is.state, reason = now_is.reason,
        tries = now_is.tries, claim = now_is.claim, deadline_at = now_is.deadline_at, ready_at = now_is.ready_at, deployed_at = now_is.deployed_at,
        removed_at = now_is.removed_at, used_cores = now_is.used_cores, used_memory_bytes = now_is.used_memory_bytes,
        used_ssd_bytes = now_is.used_ssd_bytes, public_ip_count = now_is.public_ip_count, public_ip_hours = now_is.public_ip_hours,
        traffic_gib = now_is.traffic_gib, metered_at = now_is.metered_at,
        access = CASE now_is.state WHEN 'Ready' THEN coalesce($3, machines.access) END,
        next_try_at = CASE now_is.state
            WHEN 'Failed' THEN NULL WHEN 'Gone' THEN NULL
            WHEN 'Creating' THEN least(market_now() + $2, greatest(market_now(), now_is.deadline_at))
            ELSE market_now() + $2 END
        """;

    /// <summary>Nothing when another replica, the renter or the end of the rental came in between.</summary>
    private const string Write =
        $"""
        UPDATE machines SET {Columns} FROM jsonb_populate_record(NULL::machines, $1) AS now_is
        WHERE machines.rental_id = now_is.rental_id AND machines.claim = now_is.claim
        """;

    /// <summary>By a transaction that holds the row's lock: the claim has grown.</summary>
    private const string Decide =
        $"""
        UPDATE machines SET {Columns} FROM jsonb_populate_record(NULL::machines, $1) AS now_is WHERE machines.rental_id = now_is.rental_id
        """;

    /// <param name="batch">The transaction that begins the rentals, so far.</param>
    /// <param name="provisioners">Of all grids.</param>
    /// <param name="wanted">Rentals, each with the image that its renter chose.</param>
    public static NpgsqlBatch ThenWantMachines(
        this NpgsqlBatch batch, Provisioners provisioners, IReadOnlyCollection<(RentalId Rental, ImageId? Image)> wanted) =>
        wanted.Count == 0 || provisioners.All.Count == 0
            ? batch
            : batch.Then(
                Want, wanted.Select(one => one.Rental.Value).ToArray(),
                new NpgsqlParameter { Value = wanted.Select(one => one.Image?.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                provisioners.All.Select(provisioner => provisioner.Grid).ToArray(), Machine.ReadyWithin);

    /// <summary>Machines of a grid that are due; no other replica gets them before <paramref name="lease"/> is over.</summary>
    public static Task<List<TakenMachine>> TakeMachinesAsync(
        this NpgsqlDataSource database, string grid, int countMax, TimeSpan lease, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Take, grid, countMax, lease);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.RowsAsync(
                row => new TakenMachine(
                    RowJson.Read<Machine>(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1), !row.IsDBNull(2) && row.GetBoolean(2)),
                cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>Writes what has become of a machine that this replica has taken.</summary>
    /// <param name="machine">As it is now.</param>
    /// <param name="wait">Until the next look at it; one that is being made is looked at no later than at its deadline.</param>
    /// <param name="access">Sealed; null to keep what is stored.</param>
    /// <returns>False when somebody else has it by now; then nothing is written.</returns>
    public static async Task<bool> WriteMachineAsync(
        this NpgsqlDataSource database, Machine machine, TimeSpan wait, byte[]? access, CancellationToken cancellation) =>
        await database.ChangeIfAvailableAsync(
            connection => connection.Send(Write, Row(machine), wait, Access(access)), cancellation).ConfigureAwait(false) > 0;

    /// <summary>Writes what a renter decided, in a transaction that holds the row's lock. It is due at once.</summary>
    public static NpgsqlBatch ThenDecideMachine(this NpgsqlBatch batch, Machine machine) =>
        batch.Then(Decide, Row(machine), TimeSpan.Zero, Access(null));

    /// <summary>Locks a machine and reads it. Comes after rentals, wallets and nodes.</summary>
    public static NpgsqlBatch ThenLockMachine(this NpgsqlBatch batch, RentalId id) => batch.Then(
        "SELECT (to_jsonb(machine) - 'access')::text FROM machines AS machine WHERE rental_id = $1 FOR NO KEY UPDATE", id.Value);

    public static Machine ReadMachine(NpgsqlDataReader row) => RowJson.Read<Machine>(row.GetString(0));

    private static NpgsqlParameter Row(Machine machine) => Statements.Json(JsonSerializer.Serialize(machine, RowJson.Options));

    private static NpgsqlParameter Access(byte[]? access) => new() { Value = (object?)access ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };
}

/// <summary>A machine that this replica works on.</summary>
/// <param name="Now">When it was taken, by the database's clock.</param>
/// <param name="IsAwaited">Its rental begins when it is ready.</param>
internal sealed record TakenMachine(Machine Machine, DateTimeOffset Now, bool IsAwaited);
