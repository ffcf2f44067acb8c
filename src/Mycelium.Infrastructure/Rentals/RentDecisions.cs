using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Decides one request after the other on what was read, and keeps what is to be written. The node and the balances change as it goes, so the next
/// request sees what the last one left.
/// </summary>
internal sealed class RentDecisions(RentReading read, PricingPolicy policy)
{
    private readonly long versionRead = read.At?.Node.Version ?? 0;
    private readonly Dictionary<AccountId, MicroUsd> balances = new(read.Balances);
    private readonly Dictionary<(AccountId Renter, string Key), EarlierRental> answered = new(read.Earlier);
    private readonly List<Rental> rented = [];
    private readonly List<Intention> intentions = [];

    public bool HasRented => rented.Count > 0;

    public IRentSlicesResult Decide(RentRequest request)
    {
        Intention intention = request.Intention;
        (AccountId, string) key = (request.RenterId, request.IdempotencyKey.Value);
        if (answered.TryGetValue(key, out EarlierRental? earlier))
            return earlier.Fingerprint.AsSpan().SequenceEqual(intention.Fingerprint) ? new SlicesRented(earlier.Rental) : new IdempotencyKeyReused(key.Item2);
        if (read.At is not { } at)
            return new SliceCombinationNotFound(request.Wish.CombinationId);

        IRentSlicesResult result = Start(request, at.Node, at.Now);
        if (result is SlicesRented { Rental: { } rental })
        {
            balances[request.RenterId] -= rental.Paid;
            answered.Add(key, new EarlierRental(intention.Fingerprint, rental));
            rented.Add(rental);
            intentions.Add(intention);
        }
        return result;
    }

    /// <summary>Everything that was decided, as statements that fail as a whole.</summary>
    public NpgsqlBatch Write(NpgsqlBatch batch) => batch
        .Then("SELECT start_rentals($1, $2, $3)", read.At!.Node.Id.Value, versionRead, Statements.Json(JsonSerializer.Serialize(rented, RowJson.Options)))
        .ThenAppend([.. rented.Select(LedgerEntry.Charge)])
        .ThenRemember(intentions, rented.Select(rental => $$"""{"rental_id": "{{rental.Id}}"}"""));

    private IRentSlicesResult Start(RentRequest request, GridNode node, DateTimeOffset now)
    {
        Quote quote = request.Quote ?? Quote.For(request.Wish, node, policy, now);
        var application = new RentalApplication(RentalId.New(now), request.RenterId, request.Wish, quote, request.SshPublicKey);
        return Rental.Start(application, node, balances.GetValueOrDefault(request.RenterId), now);
    }
}
