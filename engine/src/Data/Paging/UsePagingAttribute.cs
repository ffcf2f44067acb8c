using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Makes the field a connection with keyset cursors, so that pages stay correct while rows are added and removed. The resolver returns an
/// <see cref="IQueryable{T}"/> (whose own order applies when the client gives none), a <see cref="Page{T}"/> or a <see cref="Connection{T}"/>. The
/// connection and its lists are non-null; only a resolver declared to return a nullable type makes the field nullable.
/// </summary>
public sealed class UsePagingAttribute : ObjectFieldDescriptorAttribute
{
    /// <summary>The page size when the client does not give one; 20 by default.</summary>
    public int DefaultPageSize { get; init; } = PagingBounds.Default.DefaultPageSize;

    /// <summary>The maximum page size; 100 by default. A client that asks for more is refused.</summary>
    public int MaxPageSize { get; init; } = PagingBounds.Default.MaxPageSize;

    /// <summary>Adds <c>totalCount</c>, which is only counted when it is selected. True by default.</summary>
    public bool IncludeTotalCount { get; init; } = true;

    /// <summary>
    /// The connection type is <c>{ConnectionName}Connection</c>; by default, the field's name with a capital. Fields of the same name that list
    /// different types need different names here.
    /// </summary>
    public string? ConnectionName { get; init; }

    /// <summary>The property that identifies items and ends every order; by default, the one marked <c>[Key]</c> or named <c>Id</c>.</summary>
    public string? KeyProperty { get; init; }

    internal override void OnConfigure(FieldDescriptor field)
    {
        QueryFeature feature = QueryFeature.Of(field);
        feature.Paging = new PagingFeature(new PagingBounds(Math.Min(DefaultPageSize, MaxPageSize), MaxPageSize), KeyProperty);
        string name = ConnectionName ?? char.ToUpperInvariant(field.Name[0]) + field.Name[1..];
        field.DefaultListSize = new ListSizeAttribute
        {
            AssumedSize = MaxPageSize,
            SlicingArguments = ["first", "last"],
            SlicingArgumentDefaultValue = feature.Paging.Bounds.DefaultPageSize,
            SizedFields = [ConnectionTypes.Edges, ConnectionTypes.Nodes],
            RequireOneSlicingArgument = false,
        };
        bool isNullable = field.Type is MemberTypeReference { Shape.IsNullable: true };
        field.Type = ConnectionTypes.Reference(name, feature.ElementType, IncludeTotalCount, isNullable);
        field.Arguments.Add(
            Argument<int>(
                "first",
                $"How many items to return from the start, or after `after`: at most {MaxPageSize}. {DefaultPageSize} unless `first` or `last` is given."));
        field.Arguments.Add(Argument<string>("after", "Starts after the item with this cursor, which must come from this list in the same order."));
        field.Arguments.Add(Argument<int>("last", $"How many items to return from the end, or before `before`: at most {MaxPageSize}."));
        field.Arguments.Add(Argument<string>("before", "Stops before the item with this cursor, which must come from this list in the same order."));
    }

    private static ArgumentDescriptor Argument<T>(string name, string description) =>
        new(name, new TypeReference.Clr(typeof(T), IsNullable: true)) { Description = description };
}
