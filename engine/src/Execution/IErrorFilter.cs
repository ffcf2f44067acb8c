using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Lets the host say what clients see of an exception that a resolver threw, such as <see cref="ErrorCodes.Unavailable"/> for a store that did not
/// answer. Filters are services; the first one that answers decides, and an exception that none knows becomes <see cref="ErrorCodes.Internal"/>.
/// </summary>
public interface IErrorFilter
{
    /// <summary>The error to answer with, or null when this filter does not know the exception. The engine adds path and locations.</summary>
    GraphQLError? OnError(Exception exception);
}
