using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>What an operation selects of a list: the parts of the page, and of its items.</summary>
/// <param name="Items">The selections whose values are items: of a connection, its <c>nodes</c> and its edges' <c>node</c>.</param>
internal sealed record SelectedData(PageNeeds Needs, IReadOnlyList<Selection> Items)
{
    public static SelectedData Of(Selection list, bool isConnection)
    {
        if (!isConnection || list.Field.Type.Named is not ObjectType connection)
            return new SelectedData(new PageNeeds(Items: true, Cursors: false, TotalCount: false), [list]);

        var items = new List<Selection>();
        bool needsItems = false, needsCursors = false, needsTotalCount = false;
        foreach (Selection part in list.SelectionsFor(connection))
        {
            switch (part.Field.Name)
            {
                case ConnectionTypes.TotalCount:
                    needsTotalCount = true;
                    break;
                case ConnectionTypes.Nodes:
                    needsItems = true;
                    items.Add(part);
                    break;
                case ConnectionTypes.Edges:
                    needsItems = true;
                    foreach (Selection edge in Below(part))
                    {
                        needsCursors |= edge.Field.Name == ConnectionTypes.Cursor;
                        if (edge.Field.Name == ConnectionTypes.Node)
                            items.Add(edge);
                    }
                    break;
                case ConnectionTypes.PageInfo:
                    needsItems = true;
                    needsCursors |= Below(part).Any(info => info.Field.Name is ConnectionTypes.StartCursor or ConnectionTypes.EndCursor);
                    break;
            }
        }
        return new SelectedData(new PageNeeds(needsItems, needsCursors, needsTotalCount), items);
    }

    private static IReadOnlyList<Selection> Below(Selection part) => part.Field.Type.Named is ObjectType type ? part.SelectionsFor(type) : [];
}
