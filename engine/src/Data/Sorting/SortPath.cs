namespace Mycelium.GraphQL.Engine.Data;

/// <summary>One sort key as the client gave it: a property, or that of an object below the item when there are several members.</summary>
internal sealed record SortPath(IReadOnlyList<MemberAccess> Members, bool IsDescending);
