using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>The statements that read and write names. Whoever changes one holds its account's wallet, and its rental before that.</summary>
internal static class NameStatements
{
    /// <summary>Of the table under the alias <c>held</c>: <c>name</c> would be its column.</summary>
    public const string Columns = "to_jsonb(held)::text";

    private static readonly InsertMany<ReservedName> insert = new InsertMany<ReservedName>("reserved_names")
        .Column("id", name => name.Id.Value)
        .Column("grid", name => name.Grid)
        .Column("name", name => name.Name)
        .Column("account_id", name => name.AccountId.Value)
        .Column("rental_id", name => name.RentalId?.Value)
        .Column("price_per_hour", name => name.PricePerHour.Value)
        .Column("status", name => name.Status.ToString())
        .Column("created_at", name => name.CreatedAt)
        .Column("paid_until", name => name.PaidUntil)
        .Column("route_version", name => name.RouteVersion)
        .Column("route_next_at", name => name.CreatedAt);

    /// <summary>A route that changed is due at once.</summary>
    private const string Update = """
        UPDATE reserved_names
        SET rental_id = $2, status = $3, paid_until = $4, grace_ends_at = $5, released_at = $6, release_reason = $7, route_version = $8,
            route_tries = CASE WHEN route_version < $8 THEN 0 ELSE route_tries END,
            route_next_at = CASE WHEN route_version < $8 THEN market_now() ELSE route_next_at END
        WHERE id = $1
        """;

    public static ReservedName ReadName(NpgsqlDataReader row) => RowJson.Read<ReservedName>(row.GetString(0));

    /// <summary>A rental of this account, locked, and the name of its grid.</summary>
    public static NpgsqlBatch ThenLockRentalAndGrid(this NpgsqlBatch batch, AccountId renter, RentalId rental) => batch.Then(
        """
        SELECT to_jsonb(rental)::text, (SELECT grid FROM nodes WHERE nodes.id = rental.node_id)
        FROM rentals AS rental WHERE id = $1 AND renter_id = $2 FOR NO KEY UPDATE
        """, rental.Value, renter.Value);

    public static async Task<(Rental Rental, string Grid)?> ReadRentalAndGridAsync(this NpgsqlDataReader reader, CancellationToken cancellation) =>
        await reader.RowsAsync(row => (RentalStatements.ReadRental(row), row.GetString(1)), cancellation).ConfigureAwait(false) is [var one] ? one : null;

    /// <summary>Locks and reads in one statement: the pass that releases names holds no wallet.</summary>
    public static NpgsqlBatch ThenLockName(this NpgsqlBatch batch, ReservedNameId id, AccountId account) =>
        batch.Then($"SELECT {Columns} FROM reserved_names AS held WHERE id = $1 AND account_id = $2 FOR NO KEY UPDATE", id.Value, account.Value);

    public static NpgsqlBatch ThenInsertName(this NpgsqlBatch batch, ReservedName name) => insert.AddTo(batch, [name]);

    public static NpgsqlBatch ThenSaveName(this NpgsqlBatch batch, ReservedName name) => batch.Then(
        Update, name.Id.Value, (object?)name.RentalId?.Value ?? DBNull.Value, name.Status.ToString(), name.PaidUntil,
        (object?)name.GraceEndsAt ?? DBNull.Value, (object?)name.ReleasedAt ?? DBNull.Value, (object?)name.ReleaseReason?.ToString() ?? DBNull.Value,
        name.RouteVersion);

    /// <summary>From the wallet to the platform's fees.</summary>
    public static NpgsqlBatch ThenChargeName(this NpgsqlBatch batch, ReservedNameId id, MicroUsd amount) =>
        amount == MicroUsd.Zero ? batch : batch.Then("SELECT charge_name($1, $2)", id.Value, amount.Value);
}
