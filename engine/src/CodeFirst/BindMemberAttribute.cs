namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// The resolver shows a property of its object by other means, such as a data loader: <c>[BindMember(nameof(Rental.Node))]</c>. Filters and sort
/// orders read the property. Without this attribute, a field with a resolver of its own can be neither filtered nor sorted, since comparisons could
/// reveal what the resolver hides.
/// </summary>
public sealed class BindMemberAttribute(string property) : ObjectFieldDescriptorAttribute
{
    public string Property { get; } = property;

    internal override void OnConfigure(FieldDescriptor field) => field.Features[typeof(BindMemberAttribute)] = this;
}
