using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Marks a field that some callers may see and others may not, so that no cache may store it: a feature of <see cref="FieldDefinition"/>.
/// </summary>
internal sealed class GuardedField
{
    public static GuardedField Mark { get; } = new();
}
