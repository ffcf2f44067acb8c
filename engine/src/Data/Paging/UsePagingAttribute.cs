using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Makes the field a connection that is paged by keyset cursors: a page stays right while rows come and go. The resolver returns an
/// <see cref="IQueryable{T}"/> (its own order counts when the client gives none), a <see cref="Page{T}"/> or a <see cref="Connection{T}"/>.
/// The connection and its lists are non-null; only a resolver declared to return a nullable type makes the field nullable.
/// </summary>
public sealed class UsePagingAttribute : ObjectFieldDescriptorAttribute
{
    /// <summary>Items of a page when the client does not say; 20 unless set.</summary>
    public int DefaultPageSize { get; init; } = PagingBounds.Default.DefaultPageSize;

    /// <summary>Items of a page at most; 100 unless set. A client that asks for more is refused.</summary>
    public int MaxPageSize { get; init; } = PagingBounds.Default.MaxPageSize;

    /// <summary>Shows <c>totalCount</c>, which is counted only when it is selected. True unless set.</summary>
    public bool IncludeTotalCount { get; init; } = true;

    /// <summary>
    /// The connection is <c>{ConnectionName}Connection</c>; the field's name with a capital unless set. Fields of one name that list different types need
    /// different names here.
    /// </summary>
    public string? ConnectionName { get; init; }

    /// <summary>The property that tells items apart and ends every order; the one marked <c>[Key]</c> or named <c>Id</c> unless set.</summary>
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
        field.Arguments.Add(Argument<int>("first", $"How many items to return from the start, or after `after`: at most {MaxPageSize}. {DefaultPageSize} unless `first` or `last` is given."));
        field.Arguments.Add(Argument<string>("after", "Starts after the item with this cursor, which must come from this list in the same order."));
        field.Arguments.Add(Argument<int>("last", $"How many items to return from the end, or before `before`: at most {MaxPageSize}."));
        field.Arguments.Add(Argument<string>("before", "Stops before the item with this cursor, which must come from this list in the same order."));
    }

    private static ArgumentDescriptor Argument<T>(string name, string description) =>
        new(name, new TypeReference.Clr(typeof(T), IsNullable: true)) { Description = description };
}
