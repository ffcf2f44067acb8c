using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>The text is not GraphQL, or is over one of the bounds of <see cref="ParserOptions"/>.</summary>
public sealed class GraphQLSyntaxException : Exception
{
    internal GraphQLSyntaxException(string message, SourceLocation location, string? limit = null) : base(message)
    {
        Location = location;
        Limit = limit;
    }

    public SourceLocation Location { get; }

    /// <summary>The name of the bound that was hit; null when the text is malformed.</summary>
    public string? Limit { get; }

    /// <summary>The error of the response: <c>GRAPHQL_SYNTAX_ERROR</c>, or <c>LIMIT_EXCEEDED</c> with <c>extensions.limit</c>.</summary>
    public GraphQLError ToError() => new(Message, Limit is null ? ErrorCodes.SyntaxError : ErrorCodes.LimitExceeded)
    {
        Locations = [Location],
        Extensions = Limit is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { ["limit"] = Limit },
    };
}
