using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The limits of a request. Set once, by <c>ModifyRequestOptions</c>, before the first request.</summary>
public sealed class RequestOptions
{
    /// <summary>Limits on the text of a document.</summary>
    public ParserOptions Parser { get; set; } = new();

    /// <summary>Limits on the cost of an operation.</summary>
    public CostOptions Cost { get; } = new();

    /// <summary>Limits on validation.</summary>
    public ValidationOptions Validation { get; set; } = new();

    /// <summary>
    /// Who may read the schema: <c>__schema</c>, <c>__type</c>, the schema URL, and names in "Did you mean …?". Everyone by default.
    /// <c>__typename</c> is always available.
    /// </summary>
    public Func<ClaimsPrincipal, bool> AllowsIntrospection { get; set; } = _ => true;

    /// <summary>
    /// An operation, or one event of a subscription, ends after this time with <see cref="ErrorCodes.Timeout"/>. Infinite for no limit.
    /// </summary>
    public TimeSpan ExecutionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long cancelled resolvers may take to stop before the response is sent without them: they may still use the services of the request.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A response lists at most this many errors; a last one says that there were more.</summary>
    public int ErrorCountMax { get; set; } = 100;

    /// <summary>A response that grows beyond this ends with <see cref="ErrorCodes.LimitExceeded"/> instead of its data.</summary>
    public int ResponseBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Fields nested deeper than this, including fragments, are refused before execution, so that visiting an operation cannot exhaust the stack.
    /// </summary>
    public int FieldDepthMax { get; set; } = 200;

    /// <summary>The maximum number of keys in one fetch of a data loader.</summary>
    public int DataLoaderBatchSizeMax { get; set; } = 1_000;

    /// <summary>The number of parsed, validated and compiled documents kept for later requests with the same text.</summary>
    public int CachedDocumentCountMax { get; set; } = 1_000;

    /// <summary>The total size of the texts of cached documents in bytes; a longer document is not cached.</summary>
    public int CachedDocumentBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>How failed positions are handled when the request does not say.</summary>
    public ErrorHandling DefaultErrorHandling { get; set; } = ErrorHandling.Propagate;

    /// <summary>
    /// Adds <c>@defer</c> to the schema: clients may ask for parts of a response after the rest. Off by default, since it costs a server more than a
    /// plain response. A schema built from SDL has it when the SDL defines it.
    /// </summary>
    public bool EnableDefer { get; set; }

    /// <summary>
    /// Adds <c>@stream</c> to the schema: clients may ask for the first items of a list before the others. Off by default, and defined in SDL like
    /// <see cref="EnableDefer"/>.
    /// </summary>
    public bool EnableStream { get; set; }

    /// <summary>Documents that requests name instead of sending them.</summary>
    public PersistedOperationOptions PersistedOperations { get; } = new();

    /// <summary>
    /// The maximum number of deferred fragments, groups of their fields and streamed lists of one response that are pending at the same time. Each
    /// uses memory until it is delivered. A page of 500 rows that defers three fragments in each has 1,500.
    /// </summary>
    public int PendingDeliveryCountMax { get; set; } = 2_000;

    /// <summary>What traces and logs record about requests.</summary>
    public InstrumentationOptions Instrumentation { get; } = new();

    /// <summary>The maximum number of messages that wait for one subscriber of a topic.</summary>
    public int TopicBufferCapacity { get; set; } = 64;
}
