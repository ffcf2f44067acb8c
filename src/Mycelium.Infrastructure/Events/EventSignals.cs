using Mycelium.Infrastructure.Jobs;

namespace Mycelium.Infrastructure.Events;

/// <summary>Wakes this replica's tail. A wake-up carries no facts: a lost one costs a poll, a forged one a look at the table.</summary>
public sealed class EventSignals
{
    private readonly WakeUp stamped = new();

    /// <summary>Events have received their numbers, here or on another replica.</summary>
    public void Stamped() => stamped.Set();

    internal Task WaitForStamped(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => stamped.WaitAsync(atMost, clock, cancellation);
}
