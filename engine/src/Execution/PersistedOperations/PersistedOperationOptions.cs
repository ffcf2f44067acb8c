using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Which documents a server runs: those that a request brings, those that clients have sent before, or trusted ones alone.</summary>
public sealed class PersistedOperationOptions
{
    /// <summary>Runs nothing but documents of the storages: every other text is refused with <see cref="ErrorCodes.DocumentNotPersisted"/>.</summary>
    public bool OnlyAllowPersistedDocuments { get; set; }

    /// <summary>Exempts a request from <see cref="OnlyAllowPersistedDocuments"/>, such as one of an operator. Nobody, unless set.</summary>
    public Func<GraphQLRequest, bool> AllowNonPersistedOperation { get; set; } = _ => false;

    /// <summary>
    /// Keeps a valid document that a client sends together with its hash, and runs it when the hash alone comes: Apollo's automatic persisted queries.
    /// Saves traffic, and trusts nobody: what is kept may be sent as text all the same.
    /// </summary>
    public bool AllowAutomaticPersistedOperations { get; set; }

    /// <summary>1,000 documents that clients have sent with their hash: a handful of applications in some versions. Who finds one gone sends it once more.</summary>
    public int AutomaticDocumentCountMax { get; set; } = 1_000;

    /// <summary>8 MiB of text of such documents together, as of the cache of all documents.</summary>
    public int AutomaticDocumentBytesMax { get; set; } = 8 * 1024 * 1024;
}
