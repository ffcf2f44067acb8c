using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Redlock over independent masters: a key set on a majority of them, each copy expiring by itself. It spares the database a crowd and proves nothing:
/// pauses, clocks and restarts can make two holders, and whatever is done under the lock must be right then too.
/// </summary>
public sealed class Redlock(RedisMasters masters, IOptions<CoordinationOptions> options, GhostSweeper ghosts, TimeProvider clock)
{
    private readonly CoordinationOptions settings = options.Value;

    /// <summary>Tries until the lock is ours, Redis has no quorum, or the budget is used up.</summary>
    public async Task<RedlockAttempt> AcquireAsync(string key, CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            RedlockAttempt attempt = await TryOnceAsync(key).ConfigureAwait(false);
            if (attempt.Outcome is RedlockOutcome.Acquired or RedlockOutcome.NoQuorum)
                return attempt;

            TimeSpan wait = settings.RetryDelayMin + (settings.RetryDelayMax - settings.RetryDelayMin) * Random.Shared.NextDouble();
            if (clock.GetElapsedTime(begun) + wait >= settings.AcquireBudget)
                return attempt;
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt for several keys at once.</summary>
    internal Task<RedlockRound> TryEachAsync(IReadOnlyList<string> keys) => RedlockRound.TryAsync(masters, settings, ghosts, clock, keys);

    /// <summary>What clocks may differ in during a lifetime: 1 % and 2 ms, as in the algorithm's description.</summary>
    internal static TimeSpan Drift(TimeSpan lifetime) => lifetime / 100 + TimeSpan.FromMilliseconds(2);

    /// <summary>One attempt. Validity counts from its own beginning: time spent on attempts before it is not this lock's.</summary>
    internal async Task<RedlockAttempt> TryOnceAsync(string key)
    {
        byte[] token = RandomNumberGenerator.GetBytes(16);
        long asked = clock.GetTimestamp();
        Poll poll = await masters.AskAsync(master => master.SetAsync(key, token)).ConfigureAwait(false);

        Tally tally = poll.Tally;
        var held = new RedlockHold(masters, settings, ghosts, clock, poll.Answers, key, token, asked);
        if (tally.IsWon && held.RemainingValidity >= settings.ValidityMin)
            return new RedlockAttempt(RedlockOutcome.Acquired, held);

        await held.LetGoAsync().ConfigureAwait(false);
        return new RedlockAttempt(tally switch { { IsWon: true } => RedlockOutcome.TooSlow, { IsRefused: true } => RedlockOutcome.Taken, _ => RedlockOutcome.NoQuorum });
    }
}

/// <param name="Held">The lock, when it was acquired.</param>
public readonly record struct RedlockAttempt(RedlockOutcome Outcome, RedlockHold? Held = null);

/// <summary>How an acquisition ended.</summary>
public enum RedlockOutcome
{
    Acquired,

    /// <summary>Somebody else held it for as long as we tried.</summary>
    Taken,

    /// <summary>A majority agreed, so slowly that too little validity was left.</summary>
    TooSlow,

    /// <summary>Too few masters answered to decide.</summary>
    NoQuorum,
}
