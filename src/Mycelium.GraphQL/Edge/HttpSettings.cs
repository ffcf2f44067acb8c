using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Edge;

/// <summary>How requests over HTTP may look: section <c>Http</c>.</summary>
public sealed class HttpSettings
{
    public const string Section = "Http";

    /// <summary>
    /// Which ways of sending several operations in one request are taken, separated by commas: <c>RequestBatching</c>, <c>OperationBatching</c>,
    /// <c>VariableBatching</c>. None by default: our own clients do not batch, and what is off cannot be misused.
    /// </summary>
    public AllowedBatching Batching { get; set; }
}
