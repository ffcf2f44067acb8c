using System.Security.Claims;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.GraphQL;

/// <summary>
/// Closes open sockets and streams of callers whose rights were withdrawn: the account was deleted or locked, its password or address has
/// changed, the sign-in has ended, or the account lost a role that it had when the caller connected. One statement checks all of them,
/// every <see cref="Limits.RightsCheckPeriod"/>. While PostgreSQL does not respond, nothing is closed.
/// </summary>
public sealed partial class OpenViewers(StandingReader reader, Standings standings, JobRuns runs, TimeProvider clock, ILogger<OpenViewers> logger)
    : PeriodicJob("check_rights", runs, clock, logger), IViewerRights
{
    private readonly Lock gate = new();
    private readonly Dictionary<SignInKey, HashSet<Watched>> watched = [];

    public IDisposable? Watch(ClaimsPrincipal viewer, Action withdrawn)
    {
        if (viewer is not Caller caller)
            return null;
        var watch = new Watched(this, caller, withdrawn);
        lock (gate)
        {
            if (!watched.TryGetValue(caller.SignInKey, out HashSet<Watched>? same))
                watched[caller.SignInKey] = same = [];
            same.Add(watch);
        }
        return watch;
    }

    /// <summary>Checks all connected callers once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        SignInKey[] keys;
        lock (gate)
            keys = [.. watched.Keys];
        foreach (SignInKey[] batch in keys.Chunk(StandingReader.BatchMax))
        {
            IReadOnlyList<AccountStanding> found = await reader.ReadAsync(batch, cancellation);
            for (int index = 0; index < batch.Length; index++)
            {
                standings.Learn(batch[index], found[index]);
                EndWithout(batch[index], found[index]);
            }
        }
    }

    protected override TimeSpan Interval => Limits.RightsCheckPeriod;

    protected override Task RunAsync(CancellationToken cancellation) => LookAsync(cancellation);

    private void EndWithout(SignInKey key, AccountStanding standing)
    {
        Watched[] ended;
        lock (gate)
        {
            if (!watched.TryGetValue(key, out HashSet<Watched>? same))
                return;
            ended = [.. same.Where(watch => !watch.Caller.MayStay(standing) || !standing.Roles.IsSupersetOf(watch.Caller.Roles))];
        }
        foreach (Watched watch in ended)
        {
            watch.Dispose();
            watch.Withdrawn();
        }
        if (ended.Length > 0)
            LogWithdrawn(key.Account.Value, ended.Length);
    }

    private void Remove(Watched watch)
    {
        lock (gate)
        {
            if (watched.TryGetValue(watch.Caller.SignInKey, out HashSet<Watched>? same) && same.Remove(watch) && same.Count == 0)
                watched.Remove(watch.Caller.SignInKey);
        }
    }

    [LoggerMessage(
        1201, LogLevel.Information, "Rights of account {Account} were withdrawn: {Count} sockets and streams were closed", EventName = "RightsWithdrawn")]
    private partial void LogWithdrawn(Guid account, int count);


    private sealed class Watched(OpenViewers viewers, Caller caller, Action withdrawn) : IDisposable
    {
        public Caller Caller => caller;
        public Action Withdrawn => withdrawn;

        public void Dispose() => viewers.Remove(this);
    }
}
