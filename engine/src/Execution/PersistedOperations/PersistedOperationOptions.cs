using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Which documents a server runs: those that a request sends, those that clients have sent before, or only trusted ones.</summary>
public sealed class PersistedOperationOptions
{
    /// <summary>Only runs documents from the storages: every other text is refused with <see cref="ErrorCodes.DocumentNotPersisted"/>.</summary>
    public bool OnlyAllowPersistedDocuments { get; set; }

    /// <summary>Exempts requests, such as an operator's, from <see cref="OnlyAllowPersistedDocuments"/>. By default, no request is exempt.</summary>
    public Func<GraphQLRequest, bool> AllowNonPersistedOperation { get; set; } = _ => false;

    /// <summary>
    /// Stores a valid document that a client sends with its hash, and runs it when only the hash is sent: Apollo's automatic persisted queries. This
    /// saves traffic and is no risk: a stored document could also be sent as text.
    /// </summary>
    public bool AllowAutomaticPersistedOperations { get; set; }

    /// <summary>
    /// 1,000 documents that clients have sent with their hash: a handful of applications in a few versions. A client whose document is gone sends it
    /// again.
    /// </summary>
    public int AutomaticDocumentCountMax { get; set; } = 1_000;

    /// <summary>8 MiB of text for all such documents, like the cache of all documents.</summary>
    public int AutomaticDocumentBytesMax { get; set; } = 8 * 1024 * 1024;
}
