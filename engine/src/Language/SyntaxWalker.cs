namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Visits a tree in document order without recursion, so that trees of any depth, parsed or hand-made, are safe to visit.</summary>
internal abstract class SyntaxWalker
{
    /// <returns>False to skip what is below <paramref name="node"/>; <see cref="Leave"/> is called in any case.</returns>
    protected virtual bool Enter(SyntaxNode node) => true;

    protected virtual void Leave(SyntaxNode node)
    {
    }

    public void Walk(SyntaxNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var open = new Stack<(SyntaxNode Node, bool IsLeaving)>();
        var children = new List<SyntaxNode>();
        open.Push((root, false));
        while (open.TryPop(out (SyntaxNode Node, bool IsLeaving) next))
        {
            if (next.IsLeaving)
            {
                Leave(next.Node);
                continue;
            }

            open.Push((next.Node, true));
            if (!Enter(next.Node))
                continue;
            SyntaxChildren.AddTo(children, next.Node);
            for (int index = children.Count - 1; index >= 0; index--)
                open.Push((children[index], false));
            children.Clear();
        }
    }
}
