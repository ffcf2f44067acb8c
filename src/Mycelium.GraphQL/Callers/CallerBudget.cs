using Mycelium.Infrastructure.Redis;

namespace Mycelium.GraphQL.Callers;

/// <summary>
/// The points of one caller at this replica. It borrows a tenth of a minute's points from all replicas' bucket in Redis and spends them here, and borrows the next tenth ahead of need,
/// so that a request seldom waits for Redis. Without Redis it borrows from a bucket of its own.
/// </summary>
internal sealed class CallerBudget(string caller, PointLender? lender, TimeProvider clock)
{
    /// <summary>A loan is a tenth of a minute's points: ten replicas that hold one each leave nothing unused for long, and a caller at full rate borrows ten times a minute.</summary>
    private const int Share = 10;

    /// <summary>How long nobody borrows again after a loan that was too small: a caller who keeps asking does not cost Redis a command for each request.</summary>
    private static readonly TimeSpan restAfterRefusal = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private PointBucket? own; // This replica's alone, for when Redis does not answer.
    private PointBucket shared; // What was left for all replicas when Redis was last asked.
    private int borrowed;
    private DateTimeOffset emptyUntil;
    private Task? borrowing;

    /// <summary>The loan that is under way, if there is one.</summary>
    internal Task Borrowing
    {
        get
        {
            lock (gate)
                return borrowing ?? Task.CompletedTask;
        }
    }

    /// <summary>Spends points that this replica has already borrowed.</summary>
    /// <param name="points">0 only looks.</param>
    /// <param name="perMinute">What the caller may spend in a minute.</param>
    /// <param name="left">Roughly what is left at all replicas together.</param>
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

    /// <summary>Spends points that have to be borrowed first.</summary>
    /// <returns>Null when they were spent; otherwise the time until there will be enough.</returns>
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
                    continue; // This replica's own bucket lends at once.
                loan = borrowing;
            }
            await loan.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static int ShareOf(int perMinute) => Math.Max(1, perMinute / Share);

    /// <summary>Called under the gate. The loan belongs to no single request: those that come next may spend it too.</summary>
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
            emptyUntil = clock.GetUtcNow() + restAfterRefusal;
    }
}
