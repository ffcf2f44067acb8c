using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL;

/// <summary>
/// What callers may do now, whatever their tokens say. Results from PostgreSQL are cached for <see cref="Limits.StandingFor"/>.
/// Simultaneous callers of one sign-in share one look-up, and look-ups that arrive while a statement is running share the next one.
/// </summary>
public sealed class Standings
{
    /// <summary>
    /// Statements that run at the same time. Requests that arrive in the meantime wait for the next one, so that many requests cost a few
    /// statements instead of one each.
    /// </summary>
    private const int ReadingMax = 2;

    private readonly RecentlyUsed<SignInKey, Look> looks = new(Limits.StandingsMax);
    private readonly Lock gate = new();
    private readonly StandingReader reader;
    private readonly TimeProvider clock;
    private Dictionary<SignInKey, TaskCompletionSource<AccountStanding>> waiting = [];
    private int readingCount;

    public Standings(StandingReader reader, Restores restores, TimeProvider clock)
    {
        (this.reader, this.clock) = (reader, clock);
        restores.Happened += looks.Clear;
    }

    /// <exception cref="StoreUnavailableException">
    /// PostgreSQL has not responded for longer than withdrawn rights may remain in effect, so the account's rights are unknown.
    /// </exception>
    public ValueTask<AccountStanding> OfAsync(SignInKey signIn)
    {
        Look look = looks.GetOrAdd(signIn, key => Begin(key, outdated: null));
        if (look.IsOver(clock.GetUtcNow()))
        {
            Look outdated = look;
            look = looks.Replace(signIn, outdated, key => Begin(key, outdated));
        }
        return look.Reading.IsCompletedSuccessfully ? new(look.Reading.Result) : WaitAsync(look);
    }

    /// <summary>To be called when the roles of an account have changed: this replica reads them again at once, the others soon.</summary>
    public void Forget(AccountId account) => looks.RemoveWhere(key => key.Account == account);

    /// <summary>Caches a standing that another component has just read.</summary>
    internal void Learn(SignInKey signIn, AccountStanding standing) =>
        looks.Set(signIn, new Look(Task.FromResult(standing), standing, clock.GetUtcNow(), GoodUntil()));

    /// <summary>
    /// If the result is late, the previous one is used, because the request needs the rest of its time for its work. Without a previous
    /// result there is nothing to fall back on, so it waits longer.
    /// </summary>
    private async ValueTask<AccountStanding> WaitAsync(Look look)
    {
        AccountStanding? before = clock.GetUtcNow() - look.BeforeAt <= Limits.RightsWithdrawnWithin ? look.Before : null;
        try
        {
            return await look.Reading.WaitAsync(before is null ? Limits.ExecutionTimeout : Limits.StandingFor, clock);
        }
        catch (Exception failure) when (before is not null && failure is StoreUnavailableException or TimeoutException)
        {
            return before;
        }
        catch (TimeoutException late)
        {
            throw new StoreUnavailableException("The rights of the account could not be read from PostgreSQL in time.", isRetryable: true, late);
        }
    }

    private DateTimeOffset GoodUntil() => clock.GetUtcNow() + Limits.StandingFor;

    /// <summary>One caller's cancellation must not stop a look-up that others wait for; only the time-outs of the database do.</summary>
    private Look Begin(SignInKey key, Look? outdated)
    {
        (AccountStanding? before, DateTimeOffset beforeAt) = outdated is null ? (null, default) : outdated.Last;
        return new(ReadAsync(key), before, beforeAt, GoodUntil());
    }

    private Task<AccountStanding> ReadAsync(SignInKey key)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out TaskCompletionSource<AccountStanding>? reading))
                waiting[key] = reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (readingCount < ReadingMax)
            {
                readingCount++;
                using (ExecutionContext.SuppressFlow()) // It reads for all waiting requests, not only for this one.
                    _ = Task.Run(ReadAllAsync);
            }
            return reading.Task;
        }
    }

    private async Task ReadAllAsync()
    {
        while (TakeWaiting() is { } batch)
        {
            SignInKey[] keys = [.. batch.Keys];
            try
            {
                IReadOnlyList<AccountStanding> standings = await reader.ReadAsync(keys, CancellationToken.None);
                for (int index = 0; index < keys.Length; index++)
                    batch[keys[index]].SetResult(standings[index]);
            }
            catch (Exception failure)
            {
                foreach (TaskCompletionSource<AccountStanding> reading in batch.Values)
                    reading.TrySetException(failure);
            }
        }
    }

    private Dictionary<SignInKey, TaskCompletionSource<AccountStanding>>? TakeWaiting()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                readingCount--;
                return null;
            }
            if (waiting.Count <= StandingReader.BatchMax)
            {
                (Dictionary<SignInKey, TaskCompletionSource<AccountStanding>> all, waiting) = (waiting, []);
                return all;
            }
            Dictionary<SignInKey, TaskCompletionSource<AccountStanding>> some = waiting.Take(StandingReader.BatchMax).ToDictionary();
            foreach (SignInKey key in some.Keys)
                waiting.Remove(key);
            return some;
        }
    }

    /// <param name="Reading">The running query, and later its result.</param>
    /// <param name="Before">The previous result, if there was one.</param>
    /// <param name="BeforeAt">When the previous query was started.</param>
    /// <param name="GoodUntil">When the result expires.</param>
    private sealed record Look(Task<AccountStanding> Reading, AccountStanding? Before, DateTimeOffset BeforeAt, DateTimeOffset GoodUntil)
    {
        public (AccountStanding? Standing, DateTimeOffset At) Last =>
            Reading.IsCompletedSuccessfully ? (Reading.Result, GoodUntil - Limits.StandingFor) : (Before, BeforeAt);

        /// <summary>After a failure, the next caller starts a new query.</summary>
        public bool IsOver(DateTimeOffset now) => Reading.IsCompleted && (!Reading.IsCompletedSuccessfully || now >= GoodUntil);
    }
}
