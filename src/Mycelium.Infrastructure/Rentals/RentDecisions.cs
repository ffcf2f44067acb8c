using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Decides one request after the other on what was read, and keeps what is to be written. Nodes and balances change as it goes, so the next request sees
/// what the last one left.
/// </summary>
internal sealed class RentDecisions(RentReading read, PricingPolicy policy)
{
    private readonly Dictionary<NodeId, long> versionsRead = read.Nodes.ToDictionary(node => node.Key, node => node.Value.Version);
    private readonly Dictionary<AccountId, WalletState> wallets = new(read.Wallets);
    private readonly Dictionary<(AccountId Renter, string Key), EarlierRental> answered = new(read.Earlier);
    private readonly List<StartedRental> rented = [];
    private readonly List<Intention> intentions = [];

    public bool HasRented => rented.Count > 0;

    public IRentSlicesResult Decide(RentRequest request)
    {
        Intention intention = request.Intention;
        (AccountId, string) key = (request.RenterId, request.IdempotencyKey.Value);
        if (answered.TryGetValue(key, out EarlierRental? earlier))
            return earlier.Fingerprint.AsSpan().SequenceEqual(intention.Fingerprint) ? new SlicesRented(earlier.Rental) : new IdempotencyKeyReused(key.Item2);
        if (!read.Nodes.TryGetValue(request.NodeId, out GridNode? node))
            return new SliceCombinationNotFound(request.Wish.CombinationId);

        IRentSlicesResult result = Start(request, node);
        if (result is SlicesRented { Rental: { } rental })
        {
            WalletState wallet = wallets[request.RenterId] = wallets[request.RenterId].Continue(LedgerEntry.Charge(rental), request.RenterId);
            answered.Add(key, new EarlierRental(intention.Fingerprint, rental));
            rented.Add(new StartedRental(rental, wallet));
            intentions.Add(intention);
        }
        return result;
    }

    /// <summary>Everything that was decided, as two statements that fail as a whole. The second one answers how many events were numbered, and the last number.</summary>
    /// <param name="stampBatch">How many events are numbered at most, beside our own.</param>
    public NpgsqlBatch Write(NpgsqlBatch batch, int stampBatch) => batch
        .ThenRemember(intentions, rented.Select(one => $$"""{"rental_id": "{{one.Rental.Id}}"}"""))
        .ThenStart(rented, versionsRead, read.Wallets, read.Now, stampBatch);

    private IRentSlicesResult Start(RentRequest request, GridNode node)
    {
        Quote quote = request.Quote ?? Quote.For(request.Wish, node, policy, read.Now);
        var application = new RentalApplication(RentalId.New(read.Now), request.RenterId, request.Wish, quote, request.SshPublicKey);
        return Rental.Start(application, node, wallets.GetValueOrDefault(request.RenterId).Balance, read.Now);
    }
}
