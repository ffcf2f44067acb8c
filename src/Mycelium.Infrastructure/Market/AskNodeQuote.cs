using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Market;

/// <summary>Quotes a whole node: <c>nodeQuote</c> in the schema. Its validity is counted by the database's clock, as that of the rental.</summary>
public sealed class AskNodeQuote(NpgsqlDataSource database, PricingPolicy pricing)
{
    /// <param name="id">The node.</param>
    /// <param name="term">For how long.</param>
    /// <param name="holder">The account that can use the quote, once; null for a price that is only shown.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<INodeQuoteResult> Execute(NodeId id, RentalTerm term, AccountId? holder, CancellationToken cancellation)
    {
        if (await ReadAsync(id, cancellation).ConfigureAwait(false) is not var (node, now))
            return new NodeNotFound(id);
        INodeQuoteResult result = NodeQuote.Ask(node, term, pricing, now);
        return result is NodeQuoted { Quote: var quote } && holder is { } account ? new NodeQuoted(quote.GivenTo(account, QuoteId.New(now))) : result;
    }

    private Task<NodeAt?> ReadAsync(NodeId id, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenReadNode(id);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}
