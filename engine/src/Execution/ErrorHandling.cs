namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What becomes of a position that failed, by the proposal "onError" to the specification
/// (<see href="https://github.com/graphql/graphql-spec/pull/1236"/>). A client says it by the request parameter <c>onError</c>.
/// </summary>
public enum ErrorHandling
{
    /// <summary>A null where the type promises a value takes the place of the nearest nullable position above it: the specification of September 2025.</summary>
    Propagate,

    /// <summary>A null stands where the error happened, whatever the type promises, and nothing above is lost. For clients that look at errors themselves.</summary>
    Null,

    /// <summary>The first error ends the request: <c>data</c> is null, and the error is the only one.</summary>
    Halt,
}
