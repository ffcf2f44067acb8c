using System.Text.RegularExpressions;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The tests run the code that a page shows: each of its JavaScript samples is part of a file that the page links to.</summary>
public sealed partial class SamplesTests
{
    [Fact]
    public void Client_samples_in_subscriptions_md_are_parts_of_the_files_that_it_links_to()
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "subscriptions.md"));
        string chapter = page[page.IndexOf("## In a client\n", StringComparison.Ordinal)..];

        string[] samples = [.. Sample().Matches(chapter).Select(match => match.Groups["code"].Value)];
        string[] files =
        [
            .. Linked().Matches(chapter).Select(match => File.ReadAllText(RepositoryRoot.Combine("tests", "clients", match.Groups["file"].Value))),
        ];

        Assert.True(samples.Length >= 5 && files.Length >= 2, "Fewer samples or files than there were: do the patterns still match?");
        Findings.AssertNone(NotIn(files, samples).Select(sample => $"docs/subscriptions.md has a sample that is in no linked file:\n{sample}"));
        Assert.Contains(files[0], samples); // The complete client.
    }

    [Theory]
    [InlineData("  one();\n  two();\n", false)]
    [InlineData("  one();\n", false)]
    [InlineData("  one();\n  three();\n", true)]
    [InlineData("ne();\n", true)]
    public void A_sample_that_differs_is_found(string sample, bool isFound) => Assert.Equal(isFound, NotIn(["start();\n  one();\n  two();\n"], [sample]).Any());

    private static IEnumerable<string> NotIn(string[] files, string[] samples) =>
        samples.Where(sample => !files.Any(file => $"\n{Unindented(file)}".Contains($"\n{Unindented(sample)}", StringComparison.Ordinal)));

    /// <summary>A page shows part of a function without its indentation.</summary>
    private static string Unindented(string code) => Indent().Replace(code, "");

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex("^```js\\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\]\(\.\./tests/clients/(?<file>[^)]+)\)")]
    private static partial Regex Linked();
}
