using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Signals that a transaction has committed on this replica: the events that it may have written wait for their numbers.</summary>
public sealed class CommitSignal
{
    private readonly WakeUp committed = new();

    public void Set() => committed.Set();

    internal Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => committed.WaitAsync(atMost, clock, cancellation);
}
