using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Market;

/// <summary>
/// Quotes a wish: <c>rentalQuote</c> in the schema. Its validity is counted by the database's clock, as that of the rental that it is handed to. Slices whose
/// term or hold is over count as free, although the pass that ends their rentals may not have run yet: renting ends those first.
/// </summary>
public sealed class AskQuote(NpgsqlDataSource database, PricingPolicy pricing)
{
    private const string Node = """
        SELECT (to_jsonb(node) || jsonb_build_object(
                   'farm', to_jsonb(farm),
                   'free_slices', CASE WHEN due.count > 0 THEN greatest(0, slice_capacity - allocated_slices + due.count) ELSE free_slices END))::text, now_is
        FROM (SELECT market_now() AS now_is) AS clock, nodes AS node JOIN farms AS farm ON farm.id = node.farm_id
        CROSS JOIN LATERAL (
            SELECT count(*)::integer AS count FROM slices
            LEFT JOIN rentals AS rental ON rental.id = slices.rental_id LEFT JOIN reservations AS held ON held.id = slices.reservation_id
            WHERE slices.node_id = node.id AND (
                rental.status = 'Active' AND rental.auto_renew_max IS NULL AND rental.ends_at <= now_is
                OR rental.status = 'Grace' AND rental.grace_ends_at <= now_is OR held.ended_at IS NULL AND held.expires_at <= now_is)) AS due
        WHERE node.id = $1
        """;

    /// <param name="wish">The wish.</param>
    /// <param name="holder">The account that can use the quote, once; null for a price that is only shown.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IRentalQuoteResult> Execute(RentalWish wish, AccountId? holder, CancellationToken cancellation)
    {
        if (await ReadAsync(wish.SliceCombinationId.NodeId, cancellation).ConfigureAwait(false) is not (var node, var now))
            return new SliceCombinationNotFound(wish.SliceCombinationId);
        IRentalQuoteResult result = Quote.Ask(wish, node, pricing, now);
        return result is RentalQuoted { Quote: var quote } && holder is { } account ? new RentalQuoted(quote.GivenTo(account, QuoteId.New(now))) : result;
    }

    private Task<NodeAt?> ReadAsync(NodeId id, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Node, id.Value);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}
