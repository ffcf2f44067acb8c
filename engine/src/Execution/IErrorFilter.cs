using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Lets the host decide what clients see of an exception from a resolver, such as <see cref="ErrorCodes.Unavailable"/> for a store that did not
/// respond. Filters are services; the first that returns an error decides. An exception that no filter knows becomes
/// <see cref="ErrorCodes.Internal"/>.
/// </summary>
public interface IErrorFilter
{
    /// <summary>The error to return, or null when this filter does not know the exception. The engine adds path and locations.</summary>
    GraphQLError? OnError(Exception exception);
}
