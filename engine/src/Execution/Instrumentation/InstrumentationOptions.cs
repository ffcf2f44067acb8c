namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What gets a span of its own. The names are HotChocolate's.</summary>
[Flags]
public enum ActivityScopes
{
    None = 0,

    /// <summary>The request as a whole: the server span of OpenTelemetry's conventions for GraphQL.</summary>
    ExecuteRequest = 1,
    ParseDocument = 2,
    ValidateDocument = 4,
    CompileOperation = 8,
    CoerceVariables = 16,

    /// <summary>From the first resolver to the written response; for a subscription, until its source stream exists.</summary>
    ExecuteOperation = 32,

    /// <summary>Each field with a resolver: many, so only on demand.</summary>
    ResolveFieldValue = 64,

    /// <summary>Each fetch of a data loader.</summary>
    DataLoaderBatch = 128,

    Default = ExecuteRequest | DataLoaderBatch,
    All = ExecuteRequest | ParseDocument | ValidateDocument | CompileOperation | CoerceVariables | ExecuteOperation | ResolveFieldValue | DataLoaderBatch,
}

/// <summary>What traces and logs record about requests. Never the value of a variable.</summary>
public sealed class InstrumentationOptions
{
    public ActivityScopes Scopes { get; set; } = ActivityScopes.Default;

    /// <summary>
    /// Records the document's text on the request's span. This exposes values that a client writes into its documents instead of variables.
    /// </summary>
    public bool IncludeDocument { get; set; }

    /// <summary>A request that takes at least this long is logged in one line. Null for none.</summary>
    public TimeSpan? SlowOperationThreshold { get; set; }
}
