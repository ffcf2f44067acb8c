namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>
/// Thrown by a resolver or middleware to return exactly these errors; any other exception becomes <see cref="ErrorCodes.Internal"/>.
/// </summary>
public class GraphQLException(params IReadOnlyList<GraphQLError> errors) : Exception(errors.Count > 0 ? errors[0].Message : null)
{
    public GraphQLException(string message, string code) : this(new GraphQLError(message, code))
    {
    }

    public IReadOnlyList<GraphQLError> Errors { get; } = errors;
}
