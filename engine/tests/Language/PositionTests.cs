using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Tests.Language;

public sealed class PositionTests
{
    [Fact]
    public void Every_kind_of_line_terminator_starts_a_line()
    {
        var operation = (OperationDefinitionNode)Parser.ParseDocument("{\n a\r\n  b\r   c # d\n    e }").Definitions[0];

        Assert.Equal(
            [new(2, 2), new(3, 3), new(4, 4), new(5, 5)],
            operation.SelectionSet.Selections.Select(selection => selection.Span.Location));
    }

    [Fact]
    public void Lines_inside_a_block_string_count()
    {
        var operation = (OperationDefinitionNode)Parser.ParseDocument("{ a(b: \"\"\"one\r\ntwo\n\"\"\")\n  c }").Definitions[0];

        Assert.Equal(new SourceLocation(4, 3), operation.SelectionSet.Selections[1].Span.Location);
    }

    [Fact]
    public void A_byte_order_mark_is_ignored_anywhere()
    {
        DocumentNode document = Parser.ParseDocument("\uFEFF{ a \uFEFF b }\uFEFF");

        Assert.Equal("{\n  a\n  b\n}", document.ToString());
    }

    [Fact]
    public void A_span_covers_the_node_and_nothing_else()
    {
        const string text = "query Q ( $a : Int = [ 1 ] ) { x : field ( b : { c : $a } ) @d { e } } ";

        var nodes = new NodesWithText(text);
        nodes.Walk(Parser.ParseDocument(text));

        Assert.Contains("$a : Int = [ 1 ]", nodes.Texts);
        Assert.Contains("x : field ( b : { c : $a } ) @d { e }", nodes.Texts);
        Assert.Contains("b : { c : $a }", nodes.Texts);
        Assert.Contains("{ e }", nodes.Texts);
        Assert.Contains("@d", nodes.Texts);
        Assert.Equal(text.TrimEnd(), nodes.Texts[0]);
    }

    [Fact]
    public void A_walker_enters_in_document_order_and_leaves_in_reverse()
    {
        var walk = new Trace();

        walk.Walk(Parser.ParseDocument("{ a(b: [1]) ...F } type T { f(x: Int = 1): [Int!] }"));

        Assert.Equal(walk.Entered, walk.Left);
        Assert.Equal(
            "Document OperationDefinition SelectionSet Field Argument ListValue IntValue FragmentSpread ObjectTypeDefinition FieldDefinition "
                + "InputValueDefinition NamedType IntValue ListType NonNullType NamedType",
            string.Join(' ', walk.Names));
    }

    [Fact]
    public void A_walker_may_skip_what_is_below()
    {
        var walk = new Trace { Skipped = "Field" };

        walk.Walk(Parser.ParseDocument("{ a { b } ...F }"));

        Assert.Equal("Document OperationDefinition SelectionSet Field FragmentSpread", string.Join(' ', walk.Names));
    }

    private sealed class NodesWithText(string source) : SyntaxWalker
    {
        public List<string> Texts { get; } = [];

        protected override bool Enter(SyntaxNode node)
        {
            Texts.Add(source[node.Span.Start..node.Span.End]);
            return true;
        }
    }

    private sealed class Trace : SyntaxWalker
    {
        public List<string> Names { get; } = [];
        public int Entered { get; private set; }
        public int Left { get; private set; }
        public string? Skipped { get; init; }

        protected override bool Enter(SyntaxNode node)
        {
            string name = node.GetType().Name[..^"Node".Length];
            Names.Add(name);
            Entered++;
            return name != Skipped;
        }

        protected override void Leave(SyntaxNode node) => Left++;
    }
}
