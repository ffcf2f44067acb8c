using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Fetches only what the operation selects: columns of the item and of the single objects below it, in one statement. A field with a resolver of its
/// own declares what it reads with <see cref="ParentAttribute"/>.
/// </summary>
public sealed class UseProjectionAttribute : ObjectFieldDescriptorAttribute
{
    internal override void OnConfigure(FieldDescriptor field) => QueryFeature.Of(field).HasProjection = true;
}
