using System.Collections.Frozen;
using System.Numerics;

namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>An error of a response. <see href="https://spec.graphql.org/September2025/#sec-Errors"/></summary>
/// <param name="Message">For people. Never holds a stack trace, SQL, a host or another tenant's data.</param>
/// <param name="Code">One of <see cref="ErrorCodes"/> or the service's own; written as <c>extensions.code</c>.</param>
public sealed record GraphQLError(string Message, string Code)
{
    public IReadOnlyList<SourceLocation> Locations { get; init; } = [];
    public ResponsePath? Path { get; init; }

    /// <summary>Other entries of <c>extensions</c>, JSON-serializable primitives.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = FrozenDictionary<string, object?>.Empty;

    /// <summary>A limit is exceeded. Every limit is reported in this form, so that a client can ask for less without parsing the message.</summary>
    /// <param name="message">Says what is too much.</param>
    /// <param name="limit">The name of the limit, in <c>extensions.limit</c>.</param>
    /// <param name="max">The maximum, in <c>extensions.max</c>.</param>
    public static GraphQLError OverLimit<T>(string message, string limit, T max) where T : struct, INumber<T> => new(message, ErrorCodes.LimitExceeded)
    {
        Extensions = new Dictionary<string, object?> { ["limit"] = limit, ["max"] = max },
    };

    /// <summary>This error at a field, unless it already has a path.</summary>
    internal GraphQLError At(ResponsePath? path, IReadOnlyList<SourceLocation> locations) =>
        this with { Path = Path ?? path, Locations = Locations.Count > 0 ? Locations : locations };
}
