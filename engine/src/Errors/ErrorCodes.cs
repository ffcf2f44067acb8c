namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>Every value of <c>extensions.code</c> that the engine itself returns. A service adds its own.</summary>
public static class ErrorCodes
{
    /// <summary>The HTTP request is not a GraphQL request: not JSON, a parameter of the wrong type, or no query.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>The document does not parse.</summary>
    public const string SyntaxError = "GRAPHQL_SYNTAX_ERROR";

    /// <summary>The document breaks a validation rule; <c>extensions.specifiedBy</c> links to it.</summary>
    public const string ValidationFailed = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>No document has the id in the request, or the caller may not use it.</summary>
    public const string DocumentNotFound = "DOCUMENT_NOT_FOUND";

    /// <summary>
    /// The document with this hash is unknown or no longer stored: the client sends its text again. Apollo's clients know this code.
    /// </summary>
    public const string PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND";

    /// <summary>The document queries the schema (<c>__schema</c>, <c>__type</c>), which this caller may not see.</summary>
    public const string IntrospectionDisabled = "INTROSPECTION_DISABLED";

    /// <summary>This server does not store documents by hash: the client sends the text. Apollo's clients know this code.</summary>
    public const string PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED";

    /// <summary>The caller may only run persisted documents, and this text is not one.</summary>
    public const string DocumentNotPersisted = "DOCUMENT_NOT_PERSISTED";

    /// <summary>The operation name is unknown or missing.</summary>
    public const string OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE";

    /// <summary>A variable or an argument is not of its type, or a value is out of its documented range.</summary>
    public const string BadUserInput = "BAD_USER_INPUT";

    /// <summary>The request exceeds a limit on size, depth, cost or count; <c>extensions.limit</c> names it.</summary>
    public const string LimitExceeded = "LIMIT_EXCEEDED";

    /// <summary>The caller has used up its requests for this minute; <c>extensions.retryAfterSeconds</c> says when to try again.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The field needs a signed-in viewer.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>The viewer is not allowed to do this.</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>A non-null field had no value.</summary>
    public const string NullForNonNull = "NULL_FOR_NON_NULL";

    /// <summary>A cursor is not one of ours, or belongs to another order or filter.</summary>
    public const string InvalidCursor = "INVALID_CURSOR";

    /// <summary>The operation ran out of time.</summary>
    public const string Timeout = "TIMEOUT";

    /// <summary>A store or service behind the API did not respond; <c>extensions.retryable</c> says whether trying again is safe.</summary>
    public const string Unavailable = "UNAVAILABLE";

    /// <summary>A subscriber did not read its events in time. Its socket is closed with 1013, after which clients reconnect automatically.</summary>
    public const string SlowConsumer = "SLOW_CONSUMER";

    /// <summary>Our mistake; <c>extensions.errorId</c> finds it in the log.</summary>
    public const string Internal = "INTERNAL";
}
