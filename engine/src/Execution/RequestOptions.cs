using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The bounds of a request. Set once, by <c>ModifyRequestOptions</c>, before the first request.</summary>
public sealed class RequestOptions
{
    /// <summary>Bounds on the text of a document.</summary>
    public ParserOptions Parser { get; set; } = new();

    /// <summary>Bounds on what an operation costs.</summary>
    public CostOptions Cost { get; } = new();

    /// <summary>Bounds on validating one.</summary>
    public ValidationOptions Validation { get; set; } = new();

    /// <summary>
    /// Who may ask for the schema: <c>__schema</c>, <c>__type</c>, the address of the schema, and names of it in "Did you mean …?". Everybody, unless set.
    /// <c>__typename</c> is always answered.
    /// </summary>
    public Func<ClaimsPrincipal, bool> AllowsIntrospection { get; set; } = _ => true;

    /// <summary>An operation, or one event of a subscription, ends after this time with <see cref="ErrorCodes.Timeout"/>. Infinite for none.</summary>
    public TimeSpan ExecutionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long resolvers that were told to stop may take to do so, before the answer leaves without them: they may still use the services of the request.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A response lists at most so many errors; a last one says that there were more.</summary>
    public int ErrorCountMax { get; set; } = 100;

    /// <summary>A response that grows beyond this ends with <see cref="ErrorCodes.LimitExceeded"/> in place of its data.</summary>
    public int ResponseBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Fields nested deeper than this, fragments included, are refused before execution, so that no walk over an operation exhausts its stack.</summary>
    public int FieldDepthMax { get; set; } = 200;

    /// <summary>Keys that one fetch of a data loader gets at most.</summary>
    public int DataLoaderBatchSizeMax { get; set; } = 1_000;

    /// <summary>Parsed, validated and compiled documents kept for the next request with the same text.</summary>
    public int CachedDocumentCountMax { get; set; } = 1_000;

    /// <summary>Bytes of text that the cached documents may have together; a longer document is not cached.</summary>
    public int CachedDocumentBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>What becomes of positions that fail when the request does not say.</summary>
    public ErrorHandling DefaultErrorHandling { get; set; } = ErrorHandling.Propagate;

    /// <summary>
    /// The schema has <c>@defer</c>: clients may ask for parts of an answer after the rest of it. Off, since it costs a server more than a plain answer does.
    /// A schema made from SDL has it where the SDL defines it.
    /// </summary>
    public bool EnableDefer { get; set; }

    /// <summary>The schema has <c>@stream</c>: clients may ask for the items of a list after its first ones. Off, and in SDL, as <see cref="EnableDefer"/>.</summary>
    public bool EnableStream { get; set; }

    /// <summary>Documents that requests name instead of bringing them.</summary>
    public PersistedOperationOptions PersistedOperations { get; } = new();

    /// <summary>
    /// Deferred fragments, groups of their fields and streamed lists of one answer that wait at the same time: more are refused, since each costs memory
    /// until it is delivered. A page of 500 rows that defers three fragments in each has 1,500.
    /// </summary>
    public int PendingDeliveryCountMax { get; set; } = 2_000;

    /// <summary>What traces and logs tell of requests.</summary>
    public InstrumentationOptions Instrumentation { get; } = new();

    /// <summary>Messages that wait for one subscriber of a topic at most.</summary>
    public int TopicBufferCapacity { get; set; } = 64;
}
