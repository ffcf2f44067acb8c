using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The coerced arguments of a field, or why they are invalid.</summary>
internal sealed record ArgumentValues(IReadOnlyDictionary<string, object?> Values, FieldFailure? Failure = null)
{
    private static readonly FrozenDictionary<string, object?> Nothing = FrozenDictionary<string, object?>.Empty;

    public static ArgumentValues None { get; } = new(Nothing);

    public static ArgumentValues Coerce(FieldDefinition field, IReadOnlyList<ArgumentNode> given, IReadOnlyDictionary<string, object?> variables)
    {
        try
        {
            return new ArgumentValues(ValueCoercion.CoerceArguments(field.Arguments, given, variables));
        }
        catch (GraphQLException refusal)
        {
            return new ArgumentValues(Nothing, new FieldFailure(refusal.Errors));
        }
    }
}
