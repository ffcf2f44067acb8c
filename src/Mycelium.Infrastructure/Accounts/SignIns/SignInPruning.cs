using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Deletes sign-ins whose last refresh token has expired, tries that no longer count, used codes and mails that were sent. Every replica may run it: each takes
/// rows that no other has taken.
/// </summary>
public sealed class SignInPruning(
    SignInTable signIns, SignInTries tries, OneTimeCodes codes, MailOutbox mails, SecondFactorSeal seal, JobRuns runs, TimeProvider clock,
    ILogger<SignInPruning> logger)
    : PeriodicJob("prune_sign_ins", runs, clock, logger)
{

    /// <summary>Access tokens of a sign-in end within hours after its last refresh token; the rest is for investigations.</summary>
    private static readonly TimeSpan keptFor = TimeSpan.FromDays(1);

    /// <summary>Rows of one transaction: some milliseconds.</summary>
    private const int BatchMax = 1_000;

    /// <summary>Transactions of one pass, so that a backlog is worked off alongside normal traffic.</summary>
    private const int BatchesMax = 100;

    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    /// <summary>One pass.</summary>
    public async Task PruneAsync(CancellationToken cancellation)
    {
        await RepeatAsync(() => signIns.PruneAsync(keptFor, BatchMax, cancellation)).ConfigureAwait(false);
        await RepeatAsync(() => tries.PruneAsync(BatchMax, cancellation)).ConfigureAwait(false);
        await RepeatAsync(() => codes.PruneAsync(BatchMax, cancellation)).ConfigureAwait(false);
        await RepeatAsync(() => mails.PruneAsync(BatchMax, cancellation)).ConfigureAwait(false);
        await RepeatAsync(() => seal.ResealAsync(BatchMax, cancellation)).ConfigureAwait(false);
    }

    protected override Task RunAsync(CancellationToken cancellation) => PruneAsync(cancellation);

    private static async Task RepeatAsync(Func<Task<int>> prune)
    {
        for (int batch = 0; batch < BatchesMax && await prune().ConfigureAwait(false) == BatchMax; batch++)
        {
            // There are more.
        }
    }
}
