using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>All masters, asked at once.</summary>
public sealed class RedisMasters : IAsyncDisposable
{
    private readonly RedisMaster[] masters;

    public RedisMasters(IOptions<CoordinationOptions> options, TimeProvider clock, ILogger<RedisMasters> logger)
    {
        if (options.Value.Problem() is { } problem)
            throw new OptionsValidationException(CoordinationOptions.Section, typeof(CoordinationOptions), [problem]);
        masters = [.. options.Value.MasterList().Select(address => new RedisMaster(address, options.Value, clock, logger))];
    }

    /// <summary>The majority of all, reachable or not.</summary>
    public int Quorum => masters.Length / 2 + 1;

    public int Count => masters.Length;

    public int ReachableCount => masters.Count(master => master.IsReachable);

    /// <summary>How many may vote now.</summary>
    public int VoteCount => masters.Count(master => master.HasVote);

    internal IReadOnlyList<RedisMaster> All => masters;

    /// <summary>Asks all masters at once and goes on as soon as a majority has said yes, or no longer can. The rest answer, or not, in the poll's own time.</summary>
    internal async Task<Poll> AskAsync(Func<RedisMaster, Task<Answer>> ask)
    {
        Task<Answer>[] answers = [.. masters.Select(ask)];
        var tally = new Tally(Quorum, Count);
        await foreach (Task<Answer> answer in Task.WhenEach(answers).ConfigureAwait(false))
        {
            tally = tally.With(await answer.ConfigureAwait(false));
            if (tally.IsDecided)
                break;
        }
        return new Poll(answers, tally);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisMaster master in masters)
            await master.DisposeAsync();
    }
}

/// <summary>One question to all masters.</summary>
/// <param name="Answers">In the order of the masters; some may be under way, for as long as a call may take.</param>
internal sealed record Poll(Task<Answer>[] Answers, Tally Tally);

/// <summary>The answers so far.</summary>
internal readonly record struct Tally(int Quorum, int Asked, int Yes = 0, int No = 0, int Silent = 0)
{
    public bool IsWon => Yes >= Quorum;
    public bool IsDecided => IsWon || Asked - No - Silent < Quorum;

    /// <summary>Enough masters answer to decide, and decide against us: somebody else holds the lock, or several of us split the vote.</summary>
    public bool IsRefused => !IsWon && Asked - Silent >= Quorum;

    public Tally With(Answer answer) => answer switch
    {
        Answer.Yes => this with { Yes = Yes + 1 },
        Answer.No => this with { No = No + 1 },
        _ => this with { Silent = Silent + 1 },
    };
}
