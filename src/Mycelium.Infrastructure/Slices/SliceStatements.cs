using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Slices;

/// <summary>The statements that take slices for rentals and give them back. PostgreSQL counts them on their nodes, and refuses what a node does not have.</summary>
internal static class SliceStatements
{
    /// <summary>Each rental takes the lowest free slices of its node, in the order of ids. Where a node has too few the index is null, and nothing is taken.</summary>
    private const string Take = """
        INSERT INTO slices (node_id, slice_index, rental_id)
        SELECT node.id, taken.slice_index, taken.rental_id
        FROM (SELECT node_id AS id, array_agg(rentals.id ORDER BY rentals.id) AS takers
              FROM rentals CROSS JOIN generate_series(1, slice_total) WHERE rentals.id = ANY ($1) GROUP BY node_id) AS node
        CROSS JOIN LATERAL ROWS FROM (unnest(node.takers), free_slices(node.id, cardinality(node.takers))) AS taken (rental_id, slice_index)
        """;

    /// <summary>For rentals that this transaction has inserted.</summary>
    public static NpgsqlBatch ThenTakeSlices(this NpgsqlBatch batch, IEnumerable<Rental> started) => batch.Then(Take, Ids(started));

    /// <summary>For rentals that this transaction has ended.</summary>
    public static NpgsqlBatch ThenReturnSlices(this NpgsqlBatch batch, IEnumerable<Rental> ended) =>
        batch.Then("DELETE FROM slices WHERE rental_id = ANY ($1)", Ids(ended));

    private static Guid[] Ids(IEnumerable<Rental> rentals) => [.. rentals.Select(rental => rental.Id.Value)];
}
