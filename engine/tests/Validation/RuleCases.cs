using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.Tests.Oracle;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Validation;

/// <summary><c>Cases/Validation/Rules.case</c>: each rule kept and broken, with its messages and locations.</summary>
public sealed class RuleCases
{
    private static readonly Schema Rich = SchemaBuilder.FromSdl(
        File.ReadAllText(RepositoryRoot.Combine("engine", "tests", "graphql-js", "schema.graphql"))).Build();
    private static readonly Schema Small = SchemaBuilder.FromSdl("type Query { version: String }").Build();

    public static TheoryData<string, string, string> Rules => CaseFile.Read("Validation", "Rules.case");

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_document_breaks_exactly_the_rule_in_its_title(string title, string document, string expected)
    {
        string rule = title.Split(' ')[0];
        // The line of the title counts as a line of the document; a second one chooses the schema.
        string text = document[(document.IndexOf('\n') + 1)..];
        bool isSmall = text.StartsWith("@small\n", StringComparison.Ordinal);

        IReadOnlyList<GraphQLError> errors = DocumentValidator.Validate(
            isSmall ? Small : Rich, Parser.ParseDocument(isSmall ? text.Replace("@small", "", StringComparison.Ordinal) : text));

        Assert.Equal(expected, errors.Count == 0 ? "valid" : string.Join('\n', errors.Select(Describe)));
        Assert.All(errors, error => Assert.Equal("sec-" + rule, RuleNames.SectionOf(error)));
        Assert.All(errors, error => Assert.Equal("GRAPHQL_VALIDATION_FAILED", error.Code));
    }

    [Fact]
    public void Every_rule_has_a_case_that_keeps_it_and_one_that_breaks_it()
    {
        string[] titles = [.. Rules.Select(row => (string)row[0])];

        Assert.Equal(30, RuleNames.BySection.Count);
        Assert.All(RuleNames.BySection.Keys, section =>
        {
            Assert.Contains($"{section["sec-".Length..]} is kept", titles);
            Assert.Contains($"{section["sec-".Length..]} is broken", titles);
        });
    }

    [Fact]
    public void Without_suggestions_a_message_reveals_nothing_that_the_client_did_not_write()
    {
        const string document =
            "query ($x: Strng) { farm(idd: $x) { nme } entity(id: 1) { cores } echo(kind: GLOD) farms(where: {nmae: 1}) { id } ...Nothing version @skp }";

        IReadOnlyList<GraphQLError> with = DocumentValidator.Validate(Rich, Parser.ParseDocument(document));
        IReadOnlyList<GraphQLError> without = DocumentValidator.Validate(
            Rich, Parser.ParseDocument(document), new ValidationOptions { HasSuggestions = false });

        Assert.Equal(with.Count, without.Count);
        Assert.Contains(with, error => error.Message.Contains("Did you mean", StringComparison.Ordinal));
        Assert.DoesNotContain(without, error => error.Message.Contains("Did you mean", StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_links_the_section_of_the_specification()
    {
        GraphQLError error = Assert.Single(DocumentValidator.Validate(Rich, Parser.ParseDocument("{ nowhere }")));

        Assert.Equal("https://spec.graphql.org/September2025/#sec-Field-Selections", error.Extensions["specifiedBy"]);
    }

    private static string Describe(GraphQLError error) =>
        $"{string.Join(' ', error.Locations.Select(location => $"{location.Line}:{location.Column}"))} {error.Message}";
}
