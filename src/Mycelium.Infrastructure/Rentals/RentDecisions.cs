using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Decides one request after the other on what was read, and keeps what is to be written. Nodes and balances change as it goes, so the next request sees
/// what the previous one left.
/// </summary>
internal sealed class RentDecisions(
    RentReading read, PricingPolicy policy, RentalPolicy rules, Func<RentRequest, RentalLimits> limits, Provisioners provisioners)
{
    private readonly Dictionary<AccountId, MicroUsd> balances = new(read.Balances);
    private readonly Dictionary<(AccountId Renter, string Key), EarlierRental> answered = new(read.Earlier);
    private readonly Dictionary<QuoteId, RentalId> usedQuotes = new(read.UsedQuotes);
    private readonly Dictionary<AccountId, RenterActivity> activities = new(read.Activities);
    private readonly List<Rental> rented = [];
    private readonly HashSet<RentalId> held = [];
    private readonly List<Reservation> used = [];
    private readonly Dictionary<RentalId, ImageId?> images = [];
    private readonly List<(Intention Intention, string Answer)> answers = [];

    public bool HasRented => rented.Count > 0;

    public IRentSlicesResult Decide(RentRequest request)
    {
        Intention intention = request.Intention;
        (AccountId, string) key = (request.RenterId, request.IdempotencyKey.Value);
        if (answered.TryGetValue(key, out EarlierRental? earlier))
            return earlier.Fingerprint.AsSpan().SequenceEqual(intention.Fingerprint) ? new SlicesRented(earlier.Rental) : new IdempotencyKeyReused(key.Item2);
        if (!read.Nodes.TryGetValue(request.NodeId, out GridNode? node))
            return new SliceCombinationNotFound(request.Wish.SliceCombinationId);

        IRentSlicesResult result = Start(request, node);
        if (result is SlicesRented { Rental: { } rental })
        {
            balances[request.RenterId] -= rental.Paid;
            activities[request.RenterId] = ActivityOf(request.RenterId).With(rental);
            if (rental.QuoteId is { } quote)
                usedQuotes.Add(quote, rental.Id);
            answered.Add(key, new EarlierRental(intention.Fingerprint, rental));
            rented.Add(rental);
            images[rental.Id] = request.Image;
            if (request.ReservationId is { } reservation)
            {
                held.Add(rental.Id);
                used.Add(read.Reservations[reservation]);
            }
            answers.Add((intention, $$"""{"rental_id": "{{rental.Id}}"}"""));
        }
        return result;
    }

    /// <summary>
    /// Everything that was decided: rentals are inserted, they take their nodes' lowest free slices, the ledger gets their charges, and their answers are
    /// stored by key. The nodes' counts, the market and the events follow by trigger.
    /// </summary>
    public NpgsqlBatch Write(NpgsqlBatch batch) => batch
        .ThenInsertRentals(rented)
        .ThenTakeSlices([.. rented.Where(rental => !held.Contains(rental.Id))])
        .ThenHandOver(used)
        .ThenAppend([.. rented.SelectMany(rental => rental.Segments.Select(segment => LedgerEntry.Charge(rental, segment)))], read.Now)
        .ThenRemember(answers)
        .ThenWantMachines(provisioners, [.. rented.Select(rental => (rental.Id, images.GetValueOrDefault(rental.Id)))]);

    private IRentSlicesResult Start(RentRequest request, GridNode node)
    {
        if (!provisioners.Sells(node.Grid))
            return new GridHasNoProvisioner(node.Grid);
        if (request.NoImage is { } noImage)
            return noImage;
        if (request.Quote is { } given && !given.Fits(request.Wish, request.RenterId))
            return new QuoteMismatch(); // First: another account's quote reveals nothing.
        if (request.Quote?.Ticket is { } ticket && usedQuotes.TryGetValue(ticket.Id, out RentalId usedFor))
            return new QuoteUsed(usedFor);
        if (request.Quote?.EndedWithFarmer(node, policy) is { } ended)
            return new QuoteExpired(ended);
        if (limits(request).RefuseRental(ActivityOf(request.RenterId), request.Wish.SliceTotal, read.Now) is { } tooMuch)
            return tooMuch;
        if (read.Owing.Contains(request.RenterId))
            return new AccountOwes();
        Reservation? reservation = null;
        if (request.ReservationId is { } id)
        {
            if (!read.Reservations.TryGetValue(id, out reservation) || reservation.AccountId != request.RenterId)
                return new ReservationNotFound(id);
            if (reservation.RefuseUse(request.Wish, read.Now) is { } refusal)
                return refusal;
        }
        Quote quote = request.Quote ?? Quote.For(request.Wish, node, policy, read.Now);
        if (request.SpendingLimit is { } limit && limit < quote.Total)
            return new InvalidBilling(BillingFlaw.LimitBelowAnHour);
        var application = new RentalApplication(RentalId.New(read.Now), request.RenterId, request.Wish, quote, request.SshPublicKey)
        {
            Name = request.Name,
            Reservation = reservation,
            Billing = request.Billing,
            SpendingLimit = request.SpendingLimit,
            Fee = rules.Fee,
            PenaltyRate = rules.PenaltyRate,
            IsProvisioned = provisioners.Has(node.Grid),
        };
        return Rental.Start(application, node, balances.GetValueOrDefault(request.RenterId), read.Now);
    }

    private RenterActivity ActivityOf(AccountId renter) => activities.GetValueOrDefault(renter, RenterActivity.None);
}
