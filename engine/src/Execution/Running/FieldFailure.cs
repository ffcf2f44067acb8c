using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Stands in for the value of a field that failed. Path and locations are added where the field is written.</summary>
internal sealed record FieldFailure(IReadOnlyList<GraphQLError> Errors)
{
    /// <summary>The request has ended; nobody will see what became of the field.</summary>
    public static FieldFailure Aborted { get; } = new([]);
}
