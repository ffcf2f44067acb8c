using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>A lock that was acquired. Whether it still is, is computed when asked, from a clock that only goes forward; lost once, it is lost for ever.</summary>
public sealed class RedlockHold : IAsyncDisposable
{
    private readonly RedisMasters masters;
    private readonly GhostSweeper ghosts;
    private readonly TimeProvider clock;
    private readonly TimeSpan ttl;
    private readonly Task<Answer>[] votes;
    private readonly byte[] token;
    private readonly SemaphoreSlim turn = new(1, 1); // Extending and releasing never run at once: the extension could outlive the release.
    private long validUntil;

    /// <param name="votes">Each master's answer to the <c>SET</c>; where it is not known, the key may be there or come later.</param>
    /// <param name="asked">When the masters were asked, on <paramref name="clock"/>.</param>
    internal RedlockHold(
        RedisMasters masters, CoordinationOptions options, GhostSweeper ghosts, TimeProvider clock, Task<Answer>[] votes, string key, byte[] token, long asked)
    {
        (this.masters, this.ghosts, this.clock, this.votes, Key, this.token) = (masters, ghosts, clock, votes, key, token);
        ttl = options.LockTtl;
        validUntil = ValidUntil(asked);
    }

    public string Key { get; }

    /// <summary>How long nobody else can hold it, drift taken off; zero once it is lost.</summary>
    public TimeSpan RemainingValidity
    {
        get
        {
            long until = Interlocked.Read(ref validUntil);
            long now = clock.GetTimestamp();
            return now >= until ? TimeSpan.Zero : clock.GetElapsedTime(now, until);
        }
    }

    /// <summary>
    /// Another full lifetime, if a majority still holds our key. A key that is absent is not set again: another may have had the lock and let it go, and
    /// what we decided under it is void.
    /// </summary>
    /// <returns>False when the lock is lost.</returns>
    public async Task<bool> ExtendAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (RemainingValidity == TimeSpan.Zero)
                return false;
            long asked = clock.GetTimestamp();
            Poll poll = await masters.AskAsync(master => master.RunAsync(LockScripts.Extend, Key, token, (long)ttl.TotalMilliseconds)).ConfigureAwait(false);
            if (poll.Tally.IsWon && RemainingValidity > TimeSpan.Zero)
            {
                Interlocked.Exchange(ref validUntil, ValidUntil(asked));
                return true;
            }
            await LetGoAsync().ConfigureAwait(false);
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Lets go everywhere. A master that does not answer is told again later.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await LetGoAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Goes on when a majority knows: that is enough for the next holder, and the rest must not hold us up.</summary>
    internal async Task LetGoAsync()
    {
        Interlocked.Exchange(ref validUntil, long.MinValue);
        int known = 0;
        await foreach (Task<bool> unlocked in Task.WhenEach(masters.All.Select(UnlockAsync)).ConfigureAwait(false))
        {
            if (await unlocked.ConfigureAwait(false) && ++known == masters.Quorum)
                break;
        }
    }

    /// <summary>True when the master surely holds our key no more.</summary>
    private async Task<bool> UnlockAsync(RedisMaster master, int index)
    {
        if (votes[index] is { IsCompletedSuccessfully: true, Result: Answer.Absent })
            return true; // It was never asked for the lock.
        if (await master.RunAsync(LockScripts.Unlock, Key, token).ConfigureAwait(false) is Answer.Yes or Answer.No)
            return true; // Commands on a connection are served in order, so a SET of ours that was late has come before.
        ghosts.Remember(master, Key, token);
        return false;
    }

    /// <summary>A lifetime from the asking, less what clocks may differ in meanwhile.</summary>
    private long ValidUntil(long asked) => asked + (long)((ttl - Redlock.Drift(ttl)).TotalSeconds * clock.TimestampFrequency);
}
