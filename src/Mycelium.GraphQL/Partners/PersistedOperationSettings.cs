namespace Mycelium.GraphQL.Partners;

/// <summary>Which documents the service runs: section <c>PersistedOperations</c>.</summary>
public sealed class PersistedOperationSettings
{
    public const string Section = "PersistedOperations";

    /// <summary>
    /// A folder of documents that anyone may run: <c>{id}.graphql</c> files, and manifests of Relay, GraphQL Code Generator or Apollo. None
    /// by default.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>Whether anonymous callers may run only documents in the folder.</summary>
    public bool OnlyForAnonymous { get; set; }

    /// <summary>
    /// Whether partners may run only documents in the folder and their own. They register more with the built-in document
    /// <c>register-operations</c>.
    /// </summary>
    public bool OnlyForPartners { get; set; }
}
