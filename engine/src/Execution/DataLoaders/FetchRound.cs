namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Several data loaders of one request start their fetches one after another, on one thread, before anything waits. A client of a store can hold back
/// the statements of a round until it <see cref="Ended">ends</see>, and send them together.
/// </summary>
public sealed class FetchRound
{
    [ThreadStatic]
    private static FetchRound? current;

    private FetchRound()
    {
    }

    /// <summary>The current round of this thread; null when fetches are started individually.</summary>
    public static FetchRound? Current => current;

    /// <summary>All fetches have started. Raised once, on the thread of the round; handlers must not throw.</summary>
    public event Action? Ended;

    /// <summary>What the store keeps for the round.</summary>
    public object? State { get; set; }

    internal static FetchRound Begin() => current = new FetchRound();

    internal void End()
    {
        current = null;
        Ended?.Invoke();
    }
}
