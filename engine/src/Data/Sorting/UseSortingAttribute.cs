using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Adds <c>order</c>, built from the fields that show properties of the item's type. Null counts as greater than every value.</summary>
public sealed class UseSortingAttribute : ObjectFieldDescriptorAttribute
{
    internal const string Argument = "order";

    internal override void OnConfigure(FieldDescriptor field)
    {
        QueryFeature feature = QueryFeature.Of(field);
        feature.HasOrder = true;
        field.Arguments.Add(new ArgumentDescriptor(Argument, SortInputs.Reference(feature.ElementType))
        {
            DefaultCost = DefaultCost.SortArgument,
            Description = "Sorts by the first entry, then by the second where those are equal, and so on. Null counts as greater than every value.",
        });
    }
}
