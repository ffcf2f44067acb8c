namespace Mycelium.GraphQL.Partners;

/// <summary>Which documents the service runs: section <c>PersistedOperations</c>.</summary>
public sealed class PersistedOperationSettings
{
    public const string Section = "PersistedOperations";

    /// <summary>A folder of documents that everybody may run: <c>{id}.graphql</c> files, and manifests of Relay, GraphQL Code Generator or Apollo. None, unless set.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Anonymous callers run documents of the folder alone.</summary>
    public bool OnlyForAnonymous { get; set; }

    /// <summary>Partners run documents of the folder and their own alone; the one to register more is there under the id <c>register-operations</c>.</summary>
    public bool OnlyForPartners { get; set; }
}
