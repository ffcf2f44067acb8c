using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>The text is not GraphQL, or exceeds one of the limits of <see cref="ParserOptions"/>.</summary>
public sealed class GraphQLSyntaxException : Exception
{
    private readonly int max;

    internal GraphQLSyntaxException(string message, SourceLocation location) : base(message) => Location = location;

    internal GraphQLSyntaxException(string message, SourceLocation location, string limit, int max) : this(message, location)
    {
        Limit = limit;
        this.max = max;
    }

    public SourceLocation Location { get; }

    /// <summary>The name of the exceeded limit; null when the text is malformed.</summary>
    public string? Limit { get; }

    /// <summary>The error of the response: <c>GRAPHQL_SYNTAX_ERROR</c>, or <c>LIMIT_EXCEEDED</c> with the limit.</summary>
    public GraphQLError ToError() =>
        (Limit is null ? new GraphQLError(Message, ErrorCodes.SyntaxError) : GraphQLError.OverLimit(Message, Limit, max)) with { Locations = [Location] };
}
