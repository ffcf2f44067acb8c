namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Several data loaders of one request start their fetches after each other, on one thread, before anything waits. What sends statements to a store can hold
/// those that come in a round back until it <see cref="Ended">ends</see>, and send them together.
/// </summary>
public sealed class FetchRound
{
    [ThreadStatic]
    private static FetchRound? current;

    private FetchRound()
    {
    }

    /// <summary>The round that this thread is in; null when fetches are started one by one.</summary>
    public static FetchRound? Current => current;

    /// <summary>All fetches have started. Raised once, on the thread of the round; a handler must not throw.</summary>
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
