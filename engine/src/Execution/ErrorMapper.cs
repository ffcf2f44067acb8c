using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What clients see of an exception. Details of an exception that is not meant for clients only appear in the log.</summary>
internal sealed partial class ErrorMapper(IReadOnlyList<IErrorFilter> filters, ILogger logger)
{
    public IReadOnlyList<GraphQLError> Map(Exception exception)
    {
        switch (exception)
        {
            case GraphQLException { Errors.Count: > 0 } meant:
                return meant.Errors;
            case CoercionException refusal:
                return [new GraphQLError(refusal.Message, ErrorCodes.BadUserInput)];
        }
        return [Filtered(exception) ?? Internal(exception)];
    }

    public GraphQLError OutOfTime()
    {
        var exception = new OperationTimedOutException();
        return Filtered(exception) ?? new GraphQLError(exception.Message, ErrorCodes.Timeout);
    }

    private GraphQLError? Filtered(Exception exception)
    {
        foreach (IErrorFilter filter in filters)
        {
            if (filter.OnError(exception) is { } error)
                return error;
        }
        return null;
    }

    /// <summary>Our mistake: the client gets an id that identifies the exception in the log.</summary>
    public GraphQLError Internal(Exception exception)
    {
        string errorId = Guid.NewGuid().ToString("N");
        LogInternal(logger, exception, errorId);
        return Internal(errorId);
    }

    private static GraphQLError Internal(string errorId) => new("Something went wrong on our side.", ErrorCodes.Internal)
    {
        Extensions = new Dictionary<string, object?> { ["errorId"] = errorId },
    };

    [LoggerMessage(1, LogLevel.Error, "A resolver failed; the client was given error {ErrorId}.")]
    private static partial void LogInternal(ILogger logger, Exception exception, string errorId);
}
