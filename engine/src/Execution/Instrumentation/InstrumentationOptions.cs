namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What has a span of its own. The names are HotChocolate's.</summary>
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

    /// <summary>From the first resolver to the written answer; for a subscription, until its source stream is there.</summary>
    ExecuteOperation = 32,

    /// <summary>Each field with a resolver: many, so on demand.</summary>
    ResolveFieldValue = 64,

    /// <summary>Each fetch of a data loader.</summary>
    DataLoaderBatch = 128,

    Default = ExecuteRequest | DataLoaderBatch,
    All = ExecuteRequest | ParseDocument | ValidateDocument | CompileOperation | CoerceVariables | ExecuteOperation | ResolveFieldValue | DataLoaderBatch,
}

/// <summary>What traces and logs tell of requests. Never a variable's value.</summary>
public sealed class InstrumentationOptions
{
    public ActivityScopes Scopes { get; set; } = ActivityScopes.Default;

    /// <summary>Puts the text of the document on the request's span. A client that writes values into its documents instead of variables shows them by that.</summary>
    public bool IncludeDocument { get; set; }

    /// <summary>A request that takes as long is logged in one line. Null for none.</summary>
    public TimeSpan? SlowOperationThreshold { get; set; }
}
