using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>An earlier rental with the same key.</summary>
internal sealed record EarlierRental(byte[] Fingerprint, Rental Rental);

/// <summary>The data that renting is decided on, read while the renters' wallets and the nodes are locked.</summary>
/// <param name="Now">An instant after the locks were taken, by the database's clock.</param>
/// <param name="Nodes">The nodes that are locked, with only the columns that renting needs.</param>
/// <param name="Balances">Balances of the wallets that are locked.</param>
internal sealed record RentReading(
    DateTimeOffset Now,
    IReadOnlyDictionary<NodeId, GridNode> Nodes,
    IReadOnlyDictionary<AccountId, MicroUsd> Balances,
    IReadOnlyDictionary<(AccountId Renter, string Key), EarlierRental> Earlier)
{
    /// <summary>Quotes of the requests that rentals have used.</summary>
    public IReadOnlyDictionary<QuoteId, RentalId> UsedQuotes { get; private init; } = new Dictionary<QuoteId, RentalId>();

    /// <summary>Reservations of the requests.</summary>
    public IReadOnlyDictionary<ReservationId, Reservation> Reservations { get; private init; } = new Dictionary<ReservationId, Reservation>();

    /// <summary>Renters who owe money.</summary>
    public IReadOnlySet<AccountId> Owing { get; private init; } = new HashSet<AccountId>();

    /// <summary>What renters have done lately; nothing for renters without limits.</summary>
    public IReadOnlyDictionary<AccountId, RenterActivity> Activities { get; private init; } = new Dictionary<AccountId, RenterActivity>();

    private const string LockWallets = "SELECT id FROM ledger_accounts WHERE id = ANY ($1) AND kind = 'Wallet' ORDER BY id FOR NO KEY UPDATE";

    /// <summary>Locks and reads in one statement: PostgreSQL reads a row again if it changed before the lock was taken.</summary>
    private static string LockNodes(string skipLocked) => $"""
        SELECT row_to_json(node) FROM (
            SELECT id, grid, farm_id, status, is_dedicated, rented_by_twin_id, is_rented_on_grid, doubted_since, farmer_left_at, missed_passes, is_vanished,
                farmer_id, is_published, price_per_slice, slice_capacity, allocated_slices, reserved_slices,
                   overcommitted_slices, free_slices, is_sellable, whole_rental_id, version
            FROM nodes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE{skipLocked}) AS node
        """;

    private const string ReadBalances = """
        SELECT wallet.id, coalesce(last.balance_after, 0), market_now(), account_owes(wallet.id)
        FROM unnest($1) AS wallet (id)
        LEFT JOIN LATERAL (
            SELECT balance_after FROM ledger_postings WHERE account_id = wallet.id AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS last ON true
        """;

    /// <summary>
    /// Looks up each key separately, and leaves the planner no other way: with a plain join, a plan made while the tables were empty kept reading all keys in
    /// every round.
    /// </summary>
    internal const string ReadEarlier = """
        SELECT requested.account_id, requested.key, earlier.fingerprint,
               (SELECT to_jsonb(rental)::text FROM rentals AS rental WHERE rental.id = (earlier.answer ->> 'rental_id')::uuid)
        FROM unnest($1, $2) AS requested (account_id, key)
        CROSS JOIN LATERAL (
            SELECT fingerprint, answer FROM idempotency_keys AS known
            WHERE known.account_id = requested.account_id AND known.operation = $3 AND known.key = requested.key OFFSET 0) AS earlier
        """;

    /// <summary>
    /// A quote's holder alone can use it, and the holder's wallet is locked: it is not used between this look-up and the rental. The index
    /// rentals_use_a_quote_once would refuse it otherwise.
    /// </summary>
    private const string ReadUsedQuotes = "SELECT quote_id, id FROM rentals WHERE quote_id = ANY ($1)";

    /// <summary>The rental that an earlier request began, as it is now.</summary>
    internal const string ReadAnswered = $"""
        SELECT {RentalStatements.Whole} FROM rentals AS rental
        WHERE id = (SELECT (answer ->> 'rental_id')::uuid FROM idempotency_keys WHERE account_id = $1 AND operation = $2 AND key = $3)
        """;

    /// <summary>
    /// No more rows of a renter than its limits are, newest first: that is all that is needed to decide, and to say when to try again. Machines on whole nodes
    /// hold nothing of their own.
    /// </summary>
    internal const string ReadActivities = """
        SELECT renter.id, begun.instants, held.ends, held.slices
        FROM (SELECT market_now() AS now_is) AS clock CROSS JOIN unnest($1, $2, $3) AS renter (id, begun_max, held_max)
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(starts_at), '{}') AS instants FROM (
                SELECT starts_at FROM rentals WHERE renter_id = renter.id AND starts_at > now_is - interval '1 hour' ORDER BY starts_at DESC
                    LIMIT renter.begun_max) AS one) AS begun
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(ends_at), '{}') AS ends, coalesce(array_agg(slice_total), '{}') AS slices FROM (
                (SELECT ends_at, slice_total FROM rentals
                 WHERE renter_id = renter.id AND status = 'Active' AND billing = 'Prepaid' AND kind <> 'Machine' AND ends_at > now_is
                 ORDER BY ends_at DESC LIMIT renter.held_max)
                UNION ALL -- A metered rental has no end.
                (SELECT 'infinity', slice_total FROM rentals
                 WHERE renter_id = renter.id AND status = 'Active' AND billing = 'Metered' AND ended_at IS NULL LIMIT renter.held_max)
                UNION ALL
                SELECT coalesce(grace_ends_at, ends_at), slice_total FROM rentals
                WHERE renter_id = renter.id AND status IN ('Provisioning', 'Grace') AND kind <> 'Machine'
                ORDER BY ends_at DESC) AS one) AS held
        """;

    /// <summary>One round trip; begins the transaction. Locks wallets before nodes, each in ascending order, like every other transaction.</summary>
    /// <param name="limits">The limits of the renter of a request.</param>
    /// <param name="skipsLocked">Skips locked rows instead of waiting for them: a transaction that never waits cannot deadlock.</param>
    public static async Task<RentReading> LockAndReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<RentRequest> requests, Func<RentRequest, RentalLimits> limits, bool skipsLocked)
    {
        string skipLocked = skipsLocked ? " SKIP LOCKED" : "";
        Guid[] renters = [.. requests.Select(request => request.RenterId.Value).Distinct()];
        Guid[] reservations = [.. requests.Select(request => request.ReservationId?.Value).OfType<Guid>()];
        Guid[] quotes = [.. requests.Select(request => request.Quote?.Ticket?.Id.Value).OfType<Guid>()];
        (Guid Renter, RentalLimits Limits)[] limited =
        [
            .. requests.Select(request => (request.RenterId.Value, Limits: limits(request))).Where(
                renter => renter.Limits is not { RentalsPerHour: null, ActiveSlices: null })
                .DistinctBy(renter => renter.Value),
        ];
        NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(LockWallets + skipLocked, renters)
            .Then(LockNodes(skipLocked), requests.Select(request => request.NodeId.Value).Distinct().ToArray())
            .Then(ReadBalances, renters)
            .Then(ReadEarlier, requests.Select(request => request.RenterId.Value).ToArray(), requests.Select(request => request.IdempotencyKey.Value).ToArray(),
                RentRequest.Operation);
        if (quotes.Length > 0)
            batch.Then(ReadUsedQuotes, quotes);
        if (reservations.Length > 0)
            batch.ThenReadReservations(reservations);
        if (limited.Length > 0)
        {
            batch.Then(
                ReadActivities, limited.Select(renter => renter.Renter).ToArray(), limited.Select(renter => renter.Limits.RentalsPerHour ?? 0).ToArray(),
                limited.Select(renter => renter.Limits.ActiveSlices ?? 0).ToArray());
        }

        await using NpgsqlBatch sent = batch;
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        HashSet<AccountId> locked = [.. await reader.RowsAsync(row => new AccountId(row.GetGuid(0)), default).ConfigureAwait(false)];
        var nodes = await reader.RowsAsync(row => RowJson.Read<GridNode>(row.GetString(0)), default).ConfigureAwait(false);
        var wallets = await reader.RowsAsync(
            row => (
                Owner: new AccountId(row.GetGuid(0)), Balance: MicroUsd.From(row.GetInt64(1)), Now: row.GetFieldValue<DateTimeOffset>(2),
                Owes: row.GetBoolean(3)),
            default).ConfigureAwait(false);
        var earlier = await reader.RowsAsync(
            row => (Key: (new AccountId(row.GetGuid(0)), row.GetString(1)), Rental: new EarlierRental(
                row.GetFieldValue<byte[]>(2), RowJson.Read<Rental>(row.GetString(3)))),
            default).ConfigureAwait(false);
        return new(
            wallets[0].Now, nodes.ToDictionary(node => node.Id),
            wallets.Where(wallet => locked.Contains(wallet.Owner)).ToDictionary(wallet => wallet.Owner, wallet => wallet.Balance),
            earlier.DistinctBy(found => found.Key).ToDictionary(found => found.Key, found => found.Rental))
        {
            UsedQuotes = quotes.Length == 0 ? new Dictionary<QuoteId, RentalId>()
                : (await reader.RowsAsync(row => KeyValuePair.Create(new QuoteId(row.GetGuid(0)), new RentalId(row.GetGuid(1))), default).ConfigureAwait(false))
                    .ToDictionary(),
            Reservations = reservations.Length == 0 ? new Dictionary<ReservationId, Reservation>()
                : (await reader.RowsAsync(ReservationStatements.ReadReservation, default).ConfigureAwait(false)).ToDictionary(held => held.Id),
            Owing = wallets.Where(wallet => wallet.Owes).Select(wallet => wallet.Owner).ToHashSet(),
            Activities = limited.Length == 0 ? new Dictionary<AccountId, RenterActivity>()
                : (await reader.RowsAsync(ReadActivity, default).ConfigureAwait(false)).ToDictionary(),
        };
    }

    internal static KeyValuePair<AccountId, RenterActivity> ReadActivity(NpgsqlDataReader row) => KeyValuePair.Create(
        new AccountId(row.GetGuid(0)),
        new RenterActivity(
            row.GetFieldValue<DateTimeOffset[]>(1),
            [.. row.GetFieldValue<DateTimeOffset[]>(2).Zip(row.GetFieldValue<int[]>(3), (endsAt, slices) => new HeldSlices(endsAt, slices))]));

    /// <summary>Whether the wallet and the node of a request are both locked, so that it can be decided.</summary>
    public bool Holds(RentRequest request) => Balances.ContainsKey(request.RenterId) && Nodes.ContainsKey(request.NodeId);
}
