namespace Mycelium.GraphQL.Engine.Data;

/// <summary>One key of an order, as the client gave it: a property, of an object below the item when there are several.</summary>
internal sealed record SortPath(IReadOnlyList<MemberAccess> Members, bool IsDescending);
