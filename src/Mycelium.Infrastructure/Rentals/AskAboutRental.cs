using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// What extending or cancelling a rental would cost or give back: <c>extensionQuote</c> and <c>cancelQuote</c> in the schema. Validity is counted by the
/// database's clock, as that of the operation that the quote is handed to.
/// </summary>
public sealed class AskAboutRental(NpgsqlDataSource database, PricingPolicy pricing, RentalPolicy policy)
{
    public async Task<IExtensionQuoteResult> Extension(AccountId renter, RentalId id, RentalTerm term, CancellationToken cancellation)
    {
        if (await ReadAsync(renter, id, cancellation).ConfigureAwait(false) is not var (rental, node, now))
            return new RentalNotFound(id);
        IExtensionQuoteResult result = rental.AskExtension(term, node, pricing, now);
        return result is ExtensionQuoted { Quote: var quote } ? new ExtensionQuoted(quote.GivenTo(renter, QuoteId.New(now))) : result;
    }

    public async Task<ICancelQuoteResult> Cancelling(AccountId renter, RentalId id, CancellationToken cancellation) =>
        await ReadAsync(renter, id, cancellation).ConfigureAwait(false) is var (rental, _, now) ? rental.AskCancel(policy, now) : new RentalNotFound(id);

    private Task<(Rental Rental, GridNode Node, DateTimeOffset Now)?> ReadAsync(AccountId renter, RentalId id, CancellationToken cancellation) =>
        database.UseAsync<(Rental, GridNode, DateTimeOffset)?>(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(
                    $"""
                    SELECT {RentalStatements.Whole}, (to_jsonb(node) || jsonb_build_object('farm', to_jsonb(farm)))::text, market_now()
                    FROM rentals AS rental JOIN nodes AS node ON node.id = rental.node_id JOIN farms AS farm ON farm.id = node.farm_id
                    WHERE rental.id = $1 AND renter_id = $2
                    """, id.Value, renter.Value);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                var found = await reader.RowsAsync(
                    row => (RentalStatements.ReadRental(row), RowJson.Read<GridNode>(row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2)),
                    cancellation).ConfigureAwait(false);
                return found is [var one] ? one : null;
            },
            cancellation);
}
