using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Marks a field that is shown to some callers and refused to others, so that no cache may keep it: a feature of <see cref="FieldDefinition"/>.</summary>
internal sealed class GuardedField
{
    public static GuardedField Mark { get; } = new();
}
