namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// How a failed position is handled, by the proposal "onError" to the specification
/// (<see href="https://github.com/graphql/graphql-spec/pull/1236"/>). A client chooses with the request parameter <c>onError</c>.
/// </summary>
public enum ErrorHandling
{
    /// <summary>A null in a non-null position replaces the nearest nullable position above it: the specification of September 2025.</summary>
    Propagate,

    /// <summary>
    /// A null stands where the error happened, even in a non-null position, and nothing above is lost. For clients that check the errors themselves.
    /// </summary>
    Null,

    /// <summary>The first error ends the request: <c>data</c> is null, and the error is the only one.</summary>
    Halt,
}
