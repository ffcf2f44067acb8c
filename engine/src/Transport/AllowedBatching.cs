namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Ways in which one HTTP request may carry several operations.</summary>
[Flags]
public enum AllowedBatching
{
    None = 0,

    /// <summary>The body is a JSON list of requests.</summary>
    RequestBatching = 1,

    /// <summary>The URL names several operations of the document, as <c>?batchOperations=[First,Second]</c>.</summary>
    OperationBatching = 2,

    /// <summary><c>variables</c> is a list: the operation runs once with each of them.</summary>
    VariableBatching = 4,

    All = RequestBatching | OperationBatching | VariableBatching,
}
