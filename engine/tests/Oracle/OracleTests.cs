using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Compares the parser, the printer and validation with graphql-js over generated documents: thousands of cases that nobody thought of.
/// </summary>
public sealed partial class OracleTests(ITestOutputHelper output)
{
    private const int TypeSystemDocuments = 5_000;

    [Fact]
    public async Task Documents_parse_print_and_validate_as_with_graphql_js()
    {
        IReadOnlyList<JudgedDocument> documents = (await ExecutableCorpus.GetAsync()).Documents;

        JudgedDocument[] disagreements = [.. documents.Where(document => !document.Ours.AgreesWith(document.Theirs))];
        int valid = documents.Count(document => document.Ours.Rules is { Count: 0 });
        output.WriteLine(
            $"seed {ExecutableCorpus.Seed}: {documents.Count} documents, {documents.Count(document => document.Theirs.Parses)} parse, {valid} "
                + $"valid, {disagreements.Length} disagreements");
        Assert.True(
            disagreements.Length == 0,
            string.Join("\n", disagreements.Take(8).Select(document => Verdict.Describe(document.Text, document.Ours, document.Theirs))));
        Assert.True(valid > documents.Count / 4, $"Only {valid} documents are valid: the comparison says little.");
    }

    /// <summary>A rule that is never broken would agree with anything.</summary>
    [Fact]
    public async Task Every_rule_is_seen_firing_in_both()
    {
        IReadOnlyList<JudgedDocument> documents = (await ExecutableCorpus.GetAsync()).Documents;

        Dictionary<string, int> ours = documents.SelectMany(document => document.Ours.Sections).CountBy(section => section).ToDictionary();
        Dictionary<string, int> theirs = documents.SelectMany(document => document.Theirs.Rules ?? []).CountBy(rule => rule).ToDictionary();
        output.WriteLine(string.Join("\n", RuleNames.BySection.OrderBy(pair => ours.GetValueOrDefault(pair.Key))
            .Select(pair => $"{ours.GetValueOrDefault(pair.Key),7} {pair.Key}  {theirs.GetValueOrDefault(pair.Value)} {pair.Value}")));
        Assert.Equal(30, RuleNames.BySection.Count);
        Assert.All(RuleNames.BySection, pair => Assert.True(ours.GetValueOrDefault(pair.Key) >= 20 && theirs.GetValueOrDefault(pair.Value) >= 20, pair.Key));
    }

    [Fact]
    public async Task Type_system_documents_parse_and_print_as_with_graphql_js()
    {
        var random = new Random(ExecutableCorpus.Seed);
        string[] documents =
        [
            .. Enumerable.Range(0, TypeSystemDocuments)
                .Select(_ => new TypeSystemGenerator(random).Generate())
                .Select(text => random.Next(3) == 0 ? TextMutator.Mutate(text, random) : text)
                .Where(text => !IsDraftSyntax().IsMatch(text)),
        ];
        GraphQLJs oracle = await GraphQLJs.GetAsync();

        IReadOnlyList<Verdict> verdicts = await oracle.AskAsync<Verdict>(documents.Select(document => new { document, parseOnly = true }));

        string[] disagreements =
        [
            .. documents.Zip(verdicts, (document, theirs) => (Document: document, Ours: Verdict.Parse(document), Theirs: theirs))
                .Where(each => !each.Ours.AgreesWith(each.Theirs))
                .Select(each => Verdict.Describe(each.Document, each.Ours, each.Theirs)),
        ];
        output.WriteLine(
            $"seed {ExecutableCorpus.Seed}: {documents.Length} documents, {verdicts.Count(verdict => verdict.Parses)} parse, {disagreements.Length} "
                + "disagreements");
        Assert.True(disagreements.Length == 0, string.Join("\n", disagreements.Take(5)));
    }

    /// <summary>Directives on directive definitions came after the edition of September 2025; graphql-js parses them.</summary>
    [GeneratedRegex(@"directive\s*@\w+[^@]*@|extend\s+directive")]
    private static partial Regex IsDraftSyntax();
}
