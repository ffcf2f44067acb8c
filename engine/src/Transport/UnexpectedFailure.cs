using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Our mistakes: logged with an id, which is all that the client learns.</summary>
internal static class UnexpectedFailure
{
    public static GraphQLError Report(ILogger logger, Exception exception)
    {
        string id = Guid.NewGuid().ToString("N");
        logger.LogError(exception, "A GraphQL request failed unexpectedly: {ErrorId}", id);
        return new GraphQLError($"Something went wrong on our side. Error id: {id}", ErrorCodes.Internal)
        {
            Extensions = new Dictionary<string, object?> { ["errorId"] = id },
        };
    }
}
