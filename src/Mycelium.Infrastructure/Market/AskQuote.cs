using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Market;

/// <summary>Quotes a wish: <c>rentalQuote</c> in the schema. Its validity is counted by the database's clock, as that of the rental that it is handed to.</summary>
public sealed class AskQuote(NpgsqlDataSource database, ExpireRentals expire, PricingPolicy pricing)
{
    public async Task<IRentalQuoteResult> Execute(RentalWish wish, CancellationToken cancellation)
    {
        IRentalQuoteResult answer = await AskAsync(wish, cancellation).ConfigureAwait(false);
        return answer is NotEnoughSlices && await expire.TryExecuteAt([wish.CombinationId.NodeId], cancellation).ConfigureAwait(false)
            ? await AskAsync(wish, cancellation).ConfigureAwait(false)
            : answer;
    }

    private async Task<IRentalQuoteResult> AskAsync(RentalWish wish, CancellationToken cancellation) =>
        await ReadAsync(wish.CombinationId.NodeId, cancellation).ConfigureAwait(false) is (var node, var now)
            ? Quote.Ask(wish, node, pricing, now)
            : new SliceCombinationNotFound(wish.CombinationId);

    private Task<NodeAt?> ReadAsync(NodeId id, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenReadNode(id);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}
