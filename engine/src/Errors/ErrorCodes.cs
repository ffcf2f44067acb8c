namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>Every value of <c>extensions.code</c> that the engine itself gives. A service adds its own beside them.</summary>
public static class ErrorCodes
{
    /// <summary>The HTTP request is no GraphQL request: not JSON, a wrong parameter type, no query.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>The document does not parse.</summary>
    public const string SyntaxError = "GRAPHQL_SYNTAX_ERROR";

    /// <summary>The document breaks a validation rule; <c>extensions.specifiedBy</c> links it.</summary>
    public const string ValidationFailed = "GRAPHQL_VALIDATION_FAILED";

    /// <summary>No document has the id that the request names, or it is not the caller's.</summary>
    public const string DocumentNotFound = "DOCUMENT_NOT_FOUND";

    /// <summary>The document with this hash is not known, or not known any more: the client sends its text once more. Apollo's clients know this code.</summary>
    public const string PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND";

    /// <summary>The document asks for the schema (<c>__schema</c>, <c>__type</c>), which this caller is not shown.</summary>
    public const string IntrospectionDisabled = "INTROSPECTION_DISABLED";

    /// <summary>This server does not keep documents for their hash: the client sends texts. Apollo's clients know this code.</summary>
    public const string PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED";

    /// <summary>The caller may run persisted documents alone, and the text is none of them.</summary>
    public const string DocumentNotPersisted = "DOCUMENT_NOT_PERSISTED";

    /// <summary>The operation name is unknown or missing.</summary>
    public const string OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE";

    /// <summary>A variable or an argument is not of its type, or a value is out of its documented range.</summary>
    public const string BadUserInput = "BAD_USER_INPUT";

    /// <summary>The request is over a bound on size, depth, cost or count; <c>extensions.limit</c> names it.</summary>
    public const string LimitExceeded = "LIMIT_EXCEEDED";

    /// <summary>The caller has used up what it may ask for in a minute; <c>extensions.retryAfterSeconds</c> says when to come back.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The field needs a signed-in viewer.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>The viewer may not do this.</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>A non-null field had no value.</summary>
    public const string NullForNonNull = "NULL_FOR_NON_NULL";

    /// <summary>A cursor is not one of ours, or belongs to another order or filter.</summary>
    public const string InvalidCursor = "INVALID_CURSOR";

    /// <summary>The operation ran out of time.</summary>
    public const string Timeout = "TIMEOUT";

    /// <summary>A store or service behind the API did not answer; <c>extensions.retryable</c> tells whether trying again is safe.</summary>
    public const string Unavailable = "UNAVAILABLE";

    /// <summary>A subscriber did not take its events in time. A socket is closed with 1013 for it, after which clients come back by themselves.</summary>
    public const string SlowConsumer = "SLOW_CONSUMER";

    /// <summary>Our mistake; <c>extensions.errorId</c> finds it in the log.</summary>
    public const string Internal = "INTERNAL";
}
