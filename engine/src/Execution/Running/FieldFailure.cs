using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Stands in for the value of a failed field. Path and locations are added when the field is written.</summary>
internal sealed record FieldFailure(IReadOnlyList<GraphQLError> Errors)
{
    /// <summary>The request has ended; the outcome of the field no longer matters.</summary>
    public static FieldFailure Aborted { get; } = new([]);
}
