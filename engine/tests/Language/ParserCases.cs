using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Tests.Language;

public sealed class ParserCases
{
    public static TheoryData<string, string, string> SyntaxErrors => CaseFile.Read("Language", "SyntaxErrors.case");

    public static TheoryData<string, string, string> Printed => CaseFile.Read("Language", "Printed.case");

    [Theory]
    [MemberData(nameof(SyntaxErrors))]
    public void A_malformed_document_is_refused_with_the_location(string title, string document, string expected)
    {
        GraphQLSyntaxException error = Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseDocument(document));

        Assert.Equal(expected, $"{error.Location.Line}:{error.Location.Column} {error.Message}");
        Assert.Equal("GRAPHQL_SYNTAX_ERROR", error.ToError().Code);
        Assert.NotEmpty(title);
    }

    [Theory]
    [MemberData(nameof(Printed))]
    public void A_document_prints_in_the_customary_layout_and_parses_again(string title, string document, string expected)
    {
        string printed = Printer.Print(Parser.ParseDocument(document));

        Assert.Equal(expected, printed);
        Assert.Equal(printed, Printer.Print(Parser.ParseDocument(printed)));
        Assert.NotEmpty(title);
    }
}
