using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A renter's wish for a whole node.</summary>
/// <param name="Quote">A quote of ours whose signature has been verified. Without one, the current price is charged.</param>
/// <param name="IsPartner">Whether the renter has the limits of partners and operators.</param>
public sealed record RentNodeRequest(AccountId RenterId, NodeId NodeId, RentalTerm Term, IdempotencyKey Key, NodeQuote? Quote, bool IsPartner)
{
    /// <summary>The key of machines that are placed without one.</summary>
    public SshPublicKey? SshPublicKey { get; init; }

    /// <summary>What the renter calls the rental, if anything.</summary>
    public string? Name { get; init; }

    internal Intention Intention => Intention.Of(RenterId, "rentNode", Key, NodeId, Term, Quote?.Ticket?.Id, SshPublicKey, Name);
}

/// <summary>
/// Rents a whole node: <c>rentNode</c> in the schema. It locks the wallet and then the node, as a round of the allocation desk does; PostgreSQL decides between
/// the two.
/// </summary>
public sealed class RentNode(
    Transactions transactions, ExpireRentals expire, PricingPolicy pricing, RentalPolicy policy, Provisioners provisioners,
    IOptions<AllocationOptions> allocation, IOptions<RentalLimitOptions> limitOptions)
{
    public async Task<IRentNodeResult> Execute(RentNodeRequest request, CancellationToken cancellation)
    {
        IRentNodeResult result = await TryAsync(request, cancellation).ConfigureAwait(false);
        if (result is not (NodeHasRentals or NodeAlreadyRented)
            || (await expire.FindDueAsync([request.NodeId], cancellation).ConfigureAwait(false)).Count == 0)
            return result;
        // Terms that are over free their slices at that instant, whenever the next pass runs.
        await expire.TryExecuteAt([request.NodeId], cancellation).ConfigureAwait(false);
        return await TryAsync(request, cancellation).ConfigureAwait(false);
    }

    private async Task<IRentNodeResult> TryAsync(RentNodeRequest request, CancellationToken cancellation)
    {
        try
        {
            return await transactions.RunAsync(connection => RentAsync(connection, request, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException failure) when (failure.InnerException is { } inner && PostgresFailures.IsContention(inner))
        {
            return new NodeContended(request.NodeId, allocation.Value.RetryAfter); // Nothing was done.
        }
    }

    private async Task<IRentNodeResult> RentAsync(NpgsqlConnection connection, RentNodeRequest request, CancellationToken cancellation)
    {
        Intention intention = request.Intention;
        WholeNodeReading read = await WholeNodeReading.LockAndReadAsync(connection, request, limitOptions.Value, cancellation).ConfigureAwait(false);
        if (read.Earlier is not null)
            return read is { Earlier.IsSame: true, First: { } first } ? new NodeRented(first) : new IdempotencyKeyReused(request.Key.Value);
        if (read.Node is not { } node)
            return new NodeNotFound(request.NodeId);
        if (Refuse(request, read, node) is { } refusal)
            return refusal;

        NodeQuote quote = request.Quote ?? NodeQuote.For(node, request.Term, pricing, read.Now);
        IRentNodeResult result = Rental.StartWhole(
            new NodeApplication(RentalId.New(read.Now), request.RenterId, request.Term, quote)
            {
                Name = request.Name,
                SshPublicKey = request.SshPublicKey,
                Fee = policy.Fee,
                PenaltyRate = policy.PenaltyRate,
            },
            node, read.Balance, read.Now);
        if (result is NodeRented { Rental: var rental })
        {
            await new NpgsqlBatch(connection)
                .ThenInsertRentals([rental])
                .ThenTakeSlices([rental])
                .ThenAppend([.. rental.Segments.Select(segment => LedgerEntry.Charge(rental, segment))], read.Now)
                .ThenRemember((intention, $$"""{"rental_id": "{{rental.Id}}"}"""))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    /// <summary>As for slices, in the same order.</summary>
    private IRentNodeResult? Refuse(RentNodeRequest request, WholeNodeReading read, GridNode node)
    {
        if (!provisioners.Sells(node.Grid))
            return new GridHasNoProvisioner(node.Grid);
        if (request.Quote is { } given && !given.IsFor(request.RenterId))
            return new QuoteMismatch(); // First: another account's quote reveals nothing.
        if (read.QuoteUsedFor is { } used)
            return new QuoteUsed(used);
        if (request.Quote?.EndedWithFarmer(node, pricing) is { } ended)
            return new QuoteExpired(ended);
        if (limitOptions.Value.For(request.IsPartner).RefuseRental(read.Activity, node.SliceCapacity, read.Now) is { } tooMuch)
            return Availability.RefuseWhole(node) ?? (IRentNodeResult)tooMuch; // Nobody waits for a limit to hear that the node is taken.
        return read.Owes ? new AccountOwes() : null;
    }
}

/// <summary>What renting a whole node is decided on, read under the locks of the renter's wallet and the node.</summary>
/// <param name="Node">Null if there is none.</param>
/// <param name="Balance">The renter's.</param>
/// <param name="Owes">The renter owes money.</param>
/// <param name="Activity">What the renter has done lately.</param>
/// <param name="QuoteUsedFor">The rental that has used the quote, if any.</param>
/// <param name="Earlier">What was answered to the same idempotency key.</param>
/// <param name="First">The rental that this was about, as it is now.</param>
/// <param name="Now">An instant after the locks, by the database's clock.</param>
internal sealed record WholeNodeReading(
    GridNode? Node, MicroUsd Balance, bool Owes, RenterActivity Activity, RentalId? QuoteUsedFor, EarlierAnswer? Earlier, Rental? First, DateTimeOffset Now)
{
    public static async Task<WholeNodeReading> LockAndReadAsync(
        NpgsqlConnection connection, RentNodeRequest request, RentalLimitOptions options, CancellationToken cancellation)
    {
        Intention intention = request.Intention;
        RentalLimits limits = options.For(request.IsPartner);
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([request.RenterId.Value])
            .ThenLockNodes([request.NodeId.Value])
            .Then("SELECT market_now(), wallet_balance($1), account_owes($1)", request.RenterId.Value)
            .ThenReadNode(request.NodeId)
            .ThenFind(intention)
            .Then(RentReading.ReadAnswered, intention.Account.Value, intention.Operation, intention.Key.Value)
            .Then("SELECT id FROM rentals WHERE quote_id = ANY ($1)", request.Quote?.Ticket is { } ticket ? [ticket.Id.Value] : Array.Empty<Guid>())
            .Then(RentReading.ReadActivities, new[] { request.RenterId.Value }, new[] { limits.RentalsPerHour ?? 0 }, new[] { limits.ActiveSlices ?? 0 });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The two locks.
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        var (now, balance, owes) = (await reader.RowsAsync(
            row => (row.GetFieldValue<DateTimeOffset>(0), MicroUsd.From(row.GetInt64(1)), row.GetBoolean(2)), cancellation).ConfigureAwait(false))[0];
        NodeAt? node = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        EarlierAnswer? earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        Rental? first = (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false)).SingleOrDefault();
        List<RentalId> used = await reader.RowsAsync(row => new RentalId(row.GetGuid(0)), cancellation).ConfigureAwait(false);
        var activity = await reader.RowsAsync(RentReading.ReadActivity, cancellation).ConfigureAwait(false);
        return new(node?.Node, balance, owes, activity[0].Value, used.Count > 0 ? used[0] : null, earlier, first, now);
    }
}
