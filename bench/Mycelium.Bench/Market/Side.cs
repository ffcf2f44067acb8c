namespace Mycelium.Bench.Market;

/// <summary>A server that runs the queries.</summary>
/// <param name="Address">The address for a query.</param>
internal sealed record Side(string Name, Func<QueryCase, Uri> Address, int ProcessId)
{
    /// <summary>The request for its schema; ours by default.</summary>
    public Func<QueryCase, string> Body { get; init; } = query => query.Body;

    /// <summary>
    /// Whether it is another project's GraphQL server, whose responses have the same values as ours but another notation. Hand-written
    /// servers respond with the same bytes as ours.
    /// </summary>
    public bool IsPeer { get; init; }
}
