using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Edge;

/// <summary>Which forms of HTTP requests are accepted: section <c>Http</c>.</summary>
public sealed class HttpSettings
{
    public const string Section = "Http";

    /// <summary>
    /// The accepted ways of sending several operations in one request, separated by commas: <c>RequestBatching</c>, <c>OperationBatching</c>,
    /// <c>VariableBatching</c>. None by default: our own clients do not batch, and a disabled feature cannot be abused.
    /// </summary>
    public AllowedBatching Batching { get; set; }
}
