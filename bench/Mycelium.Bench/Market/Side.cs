namespace Mycelium.Bench.Market;

/// <summary>A server that answers the queries.</summary>
/// <param name="Address">Where it answers a query.</param>
internal sealed record Side(string Name, Func<QueryCase, Uri> Address, int ProcessId)
{
    /// <summary>The request, worded for its schema; ours by default.</summary>
    public Func<QueryCase, string> Body { get; init; } = query => query.Body;

    /// <summary>Another project's GraphQL server: its answers hold the same values as ours, in its own notation. A hand-written server answers byte for byte as ours does.</summary>
    public bool IsPeer { get; init; }
}
