using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The field returns the first item of the resolver's query, or null: <c>gridNode(gridId)</c> with the projection of a list.</summary>
public sealed class UseFirstOrDefaultAttribute : ObjectFieldDescriptorAttribute
{
    internal override void OnConfigure(FieldDescriptor field)
    {
        QueryFeature feature = QueryFeature.Of(field);
        feature.TakesFirst = true;
        field.Type = new TypeReference.Clr(feature.ElementType, IsNullable: true);
    }
}
