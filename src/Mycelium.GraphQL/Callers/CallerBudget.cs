using Mycelium.Infrastructure.Redis;

namespace Mycelium.GraphQL.Callers;

/// <summary>
/// The points of one caller at this replica. The replica borrows a tenth of a minute's points from the bucket in Redis, which all replicas
/// share, spends them locally, and borrows the next tenth in advance, so that requests seldom wait for Redis. Without Redis it borrows from
/// a local bucket.
/// </summary>
internal sealed class CallerBudget(string caller, PointLender? lender, TimeProvider clock)
{
    /// <summary>
    /// A loan is a tenth of a minute's points: even if ten replicas hold one each, the points are used up soon, and a caller at the full
    /// rate borrows ten times a minute.
    /// </summary>
    private const int Share = 10;

    /// <summary>
    /// The pause after a loan that was too small, so that a caller who keeps sending requests does not cause a Redis command for each of
    /// them.
    /// </summary>
    private static readonly TimeSpan pauseAfterRefusal = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private PointBucket? own; // Local to this replica, for when Redis does not respond.
    private PointBucket shared; // What was left for all replicas at the last loan from Redis.
    private int borrowed;
    private DateTimeOffset emptyUntil;
    private Task? borrowing;

    /// <summary>The loan in progress, if there is one.</summary>
    internal Task Borrowing
    {
        get
        {
            lock (gate)
                return borrowing ?? Task.CompletedTask;
        }
    }

    /// <summary>Spends points that this replica has already borrowed.</summary>
    /// <param name="points">The points to spend; 0 only returns <paramref name="left"/>.</param>
    /// <param name="perMinute">What the caller may spend in a minute.</param>
    /// <param name="left">Roughly what is left at all replicas in total.</param>
    public bool TrySpend(int points, int perMinute, out int left)
    {
        lock (gate)
        {
            bool isSpent = borrowed >= points;
            if (isSpent)
                borrowed -= points;
            DateTimeOffset now = clock.GetUtcNow();
            if (isSpent && lender is not null && borrowed < ShareOf(perMinute) / 2 && borrowing is null && now >= emptyUntil)
                Begin(ShareOf(perMinute), perMinute);
            left = (int)Math.Min(perMinute, borrowed + shared.After(perMinute, now).Left);
            return isSpent;
        }
    }

    /// <summary>Borrows the points first, and then spends them.</summary>
    /// <returns>Null if they were spent; otherwise the time until there are enough.</returns>
    public async ValueTask<TimeSpan?> BorrowAndSpendAsync(int points, int perMinute, CancellationToken cancellation)
    {
        while (true)
        {
            Task loan;
            lock (gate)
            {
                if (borrowed >= points)
                {
                    borrowed -= points;
                    return null;
                }
                DateTimeOffset now = clock.GetUtcNow();
                if (borrowing is null && now < emptyUntil)
                    return PointBucket.Window * Math.Max(0, points - borrowed - shared.After(perMinute, now).Left) / perMinute;
                if (borrowing is null)
                    Begin(Math.Max(ShareOf(perMinute), points - borrowed), perMinute);
                if (borrowing is null)
                    continue; // The local bucket lends immediately.
                loan = borrowing;
            }
            await loan.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static int ShareOf(int perMinute) => Math.Max(1, perMinute / Share);

    /// <summary>Called under the gate. The loan does not belong to one request: later ones may spend it too.</summary>
    private void Begin(int points, int perMinute)
    {
        if (lender is null)
        {
            LendOwn(points, perMinute);
            return;
        }
        using (ExecutionContext.SuppressFlow())
            borrowing = Task.Run(() => BorrowAsync(points, perMinute));
    }

    private async Task BorrowAsync(int points, int perMinute)
    {
        PointLoan? loan = null;
        try
        {
            loan = await lender!.TryBorrowAsync(caller, perMinute, points).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                borrowing = null;
                if (loan is { } lent)
                    Take(lent.Points, points, new PointBucket(lent.Left, clock.GetUtcNow()));
                else
                    LendOwn(points, perMinute);
            }
        }
    }

    private void LendOwn(int points, int perMinute)
    {
        DateTimeOffset now = clock.GetUtcNow();
        (PointBucket rest, int taken) = (own ?? PointBucket.Full(perMinute, now)).After(perMinute, now).Take(points);
        own = rest;
        Take(taken, points, rest);
    }

    private void Take(int taken, int wanted, PointBucket rest)
    {
        borrowed += taken;
        shared = rest;
        if (taken < wanted)
            emptyUntil = clock.GetUtcNow() + pauseAfterRefusal;
    }
}
