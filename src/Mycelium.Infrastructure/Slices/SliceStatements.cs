using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Slices;

/// <summary>
/// The statements that take slices for rentals and give them back. PostgreSQL counts them on their nodes, and refuses what a node does not have.
/// </summary>
internal static class SliceStatements
{
    /// <summary>
    /// Each rental takes the lowest free slices of its node, in the order of ids. Where a node has too few the index is null, and nothing is taken. Rentals are
    /// looked up one by one (OFFSET 0 keeps the planner from doing anything else): in a join, a plan made while the table was empty would keep reading it
    /// whole.
    /// </summary>
    private const string Take = """
        INSERT INTO slices (node_id, slice_index, rental_id)
        SELECT node.id, taken.slice_index, taken.rental_id
        FROM (SELECT rental.node_id AS id, array_agg(started.id ORDER BY started.id) AS takers
              FROM unnest($1) AS started (id)
              CROSS JOIN LATERAL (SELECT node_id, slice_total FROM rentals WHERE rentals.id = started.id OFFSET 0) AS rental
              CROSS JOIN LATERAL generate_series(1, rental.slice_total)
              GROUP BY rental.node_id) AS node
        CROSS JOIN LATERAL ROWS FROM (unnest(node.takers), free_slices(node.id, cardinality(node.takers))) AS taken (rental_id, slice_index)
        """;

    /// <summary>For rentals that this transaction has inserted. Without any nothing is added.</summary>
    public static NpgsqlBatch ThenTakeSlices(this NpgsqlBatch batch, IReadOnlyCollection<Rental> started) =>
        started.Count == 0 ? batch : batch.Then(Take, Ids(started));

    /// <summary>For rentals that this transaction has ended.</summary>
    public static NpgsqlBatch ThenReturnSlices(this NpgsqlBatch batch, IEnumerable<Rental> ended) =>
        batch.Then("DELETE FROM slices WHERE rental_id = ANY ($1)", Ids(ended));

    /// <summary>
    /// For a reservation that this transaction has inserted: the lowest free slices of its node. Where there are too few, PostgreSQL refuses them.
    /// </summary>
    public static NpgsqlBatch ThenTakeSlices(this NpgsqlBatch batch, Reservation held) => batch.Then(
        "INSERT INTO slices (node_id, slice_index, reservation_id) SELECT $1, free, $2 FROM free_slices($1, $3) AS free",
        held.NodeId.Value, held.Id.Value, (long)held.SliceTotal);

    /// <summary>For reservations that this transaction has ended.</summary>
    public static NpgsqlBatch ThenReturnSlices(this NpgsqlBatch batch, IEnumerable<Reservation> ended) =>
        batch.Then("DELETE FROM slices WHERE reservation_id = ANY ($1)", ended.Select(held => held.Id.Value).ToArray());

    /// <summary>Slices of reservations become their rentals', which this transaction has inserted.</summary>
    public static NpgsqlBatch ThenHandSlices(this NpgsqlBatch batch, IReadOnlyCollection<Reservation> rented) => batch.Then(
        """
        UPDATE slices SET rental_id = held.rental_id, reservation_id = NULL
        FROM unnest($1, $2) AS held (id, rental_id) WHERE slices.reservation_id = held.id
        """, rented.Select(held => held.Id.Value).ToArray(), rented.Select(held => held.RentalId!.Value.Value).ToArray());

    private static Guid[] Ids(IEnumerable<Rental> rentals) => [.. rentals.Select(rental => rental.Id.Value)];
}
