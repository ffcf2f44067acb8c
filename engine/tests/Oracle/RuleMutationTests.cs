using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Validation;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Whether the comparison would notice a missing rule: with any one rule switched off, graphql-js must disagree about some document.
/// </summary>
public sealed class RuleMutationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_rule_that_is_missing_is_noticed()
    {
        IReadOnlyList<JudgedDocument> documents = (await ExecutableCorpus.GetAsync()).Documents;
        var unnoticed = new List<string>();

        foreach (string section in RuleNames.BySection.Keys)
        {
            // Nothing changes for a document that does not break the rule.
            JudgedDocument[] breaking = [.. documents.Where(document => document.Ours.Sections.Contains(section))];
            int noticed = breaking.Count(document => !Verdict.Validate(document.Schema, document.Text, without: section).AgreesWith(document.Theirs));
            output.WriteLine($"{noticed,7} of {breaking.Length,5} documents notice that {section} is off");
            if (noticed < 10)
                unnoticed.Add(section);
        }

        Assert.Empty(unnoticed);
    }

    [Fact]
    public async Task Every_rule_is_switched_off_once_here()
    {
        JudgedDocument any = (await ExecutableCorpus.GetAsync()).Documents.First(document => document.Ours.Parses);
        var context = new RuleContext(any.Schema, Parser.ParseDocument(any.Text), new ValidationOptions());

        // Our own limits, which have tests of their own.
        IEnumerable<ValidationRule> specified = RuleSet.Create(context).Where(rule => rule is not (DocumentLimits or CycleLimits));
        Assert.Equal(RuleNames.BySection.Keys.Order(), specified.Select(rule => rule.Section).Order());
    }
}
