using System.Security.Cryptography;
using Mycelium.Infrastructure.Coordination;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Locks of several keys, asked for in one command to each master and let go in one: the algorithm of <see cref="Redlock"/> for each key by itself, one attempt, without
/// extending. One token for all: a key is ours or not whatever the others are.
/// </summary>
internal sealed class RedlockRound : IAsyncDisposable
{
    private readonly RedisMasters masters;
    private readonly GhostSweeper ghosts;
    private readonly Task<Votes>[] votes;
    private readonly RedisKey[] keys;
    private readonly byte[] token;
    private readonly Task lettingLostGo;

    private RedlockRound(
        RedisMasters masters, GhostSweeper ghosts, Task<Votes>[] votes, RedisKey[] keys, byte[] token, RedlockOutcome[] outcomes, long asked, TimeSpan lifetime)
    {
        (this.masters, this.ghosts, this.votes, this.keys, this.token) = (masters, ghosts, votes, keys, token);
        (Outcomes, Asked, Lifetime) = (outcomes, asked, lifetime);
        // A minority that said yes must not keep others from what is not ours.
        RedisKey[] lost = [.. keys.Where((_, index) => outcomes[index] != RedlockOutcome.Acquired)];
        lettingLostGo = lost.Length == 0 ? Task.CompletedTask : UnlockAsync(lost);
    }

    /// <summary>For each key.</summary>
    public IReadOnlyList<RedlockOutcome> Outcomes { get; }

    /// <summary>When the masters were asked, on the clock: nobody else can hold what is ours until a <see cref="Lifetime"/> later.</summary>
    public long Asked { get; }

    /// <summary>Drift taken off.</summary>
    public TimeSpan Lifetime { get; }

    public static async Task<RedlockRound> TryAsync(RedisMasters masters, CoordinationOptions options, GhostSweeper ghosts, TimeProvider clock, IReadOnlyList<string> keys)
    {
        RedisKey[] redisKeys = [.. keys];
        byte[] token = RandomNumberGenerator.GetBytes(16);
        long asked = clock.GetTimestamp();
        Task<Votes>[] votes = [.. masters.All.Select(master => master.SetEachAsync(redisKeys, token))];
        Tally[] tallies = [.. keys.Select(_ => new Tally(masters.Quorum, masters.Count))];
        await foreach (Task<Votes> answered in Task.WhenEach(votes).ConfigureAwait(false))
        {
            Votes vote = await answered.ConfigureAwait(false);
            for (int index = 0; index < tallies.Length; index++)
                tallies[index] = tallies[index].With(vote.For(index));
            if (Array.TrueForAll(tallies, tally => tally.IsDecided))
                break;
        }

        TimeSpan lifetime = options.LockTtl - Redlock.Drift(options.LockTtl);
        bool isInTime = lifetime - clock.GetElapsedTime(asked) >= options.ValidityMin;
        return new(masters, ghosts, votes, redisKeys, token, [.. tallies.Select(tally => Outcome(tally, isInTime))], asked, lifetime);
    }

    /// <summary>Lets go everywhere. A master that does not answer is told again later.</summary>
    public async ValueTask DisposeAsync()
    {
        RedisKey[] held = [.. keys.Where((_, index) => Outcomes[index] == RedlockOutcome.Acquired)];
        Task lettingGo = held.Length == 0 ? Task.CompletedTask : UnlockAsync(held);
        await lettingLostGo.ConfigureAwait(false);
        await lettingGo.ConfigureAwait(false);
    }

    private static RedlockOutcome Outcome(Tally tally, bool isInTime) => tally switch
    {
        { IsWon: true } => isInTime ? RedlockOutcome.Acquired : RedlockOutcome.TooSlow,
        { IsRefused: true } => RedlockOutcome.Taken,
        _ => RedlockOutcome.NoQuorum,
    };

    /// <summary>Goes on when a majority knows: that is enough for the next holder, and the rest must not hold us up.</summary>
    private async Task UnlockAsync(RedisKey[] which)
    {
        int known = 0;
        await foreach (Task<bool> unlocked in Task.WhenEach(masters.All.Select((master, index) => UnlockAsync(master, index, which))).ConfigureAwait(false))
        {
            if (await unlocked.ConfigureAwait(false) && ++known == masters.Quorum)
                break;
        }
    }

    /// <summary>True when the master surely holds none of these keys for us.</summary>
    private async Task<bool> UnlockAsync(RedisMaster master, int index, RedisKey[] which)
    {
        if (votes[index] is { IsCompletedSuccessfully: true, Result.Answer: Answer.Absent })
            return true; // It was never asked.
        if (await master.UnlockEachAsync(which, token).ConfigureAwait(false) == Answer.Yes)
            return true;
        foreach (RedisKey key in which)
            ghosts.Remember(master, key!, token);
        return false;
    }
}
