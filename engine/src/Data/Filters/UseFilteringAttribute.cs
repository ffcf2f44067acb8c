using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Adds <c>where</c>, built from the fields that show properties of the item's type. A subscription names the type that it filters, and reads the
/// filter with <see cref="DataContextExtensions.Filter{T}"/>: <c>[UseFiltering(typeof(GridNode))]</c>.
/// </summary>
public sealed class UseFilteringAttribute(Type? type = null) : ObjectFieldDescriptorAttribute
{
    internal const string Argument = "where";

    /// <summary>The type to filter, if the field does not return a list of it.</summary>
    public Type? Type { get; } = type;

    internal override void OnConfigure(FieldDescriptor field)
    {
        Type filtered = Type ?? QueryFeature.Of(field).ElementType;
        if (Type is null)
            QueryFeature.Of(field).HasFilter = true;
        field.Arguments.Add(new ArgumentDescriptor(Argument, FilterInputs.Reference(filtered))
        {
            Description = "Returns only the items that match.",
            DefaultCost = DefaultCost.FilterArgument,
        });
    }
}
