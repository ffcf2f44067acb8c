using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The engine's folders know each other one way only: what a folder uses never uses that folder.</summary>
/// <remarks>
/// Types are found by their names, without the compiler. A name that two folders define says nothing and is left out. So types, nested ones too, need names
/// that are not the words of other folders.
/// </remarks>
public sealed partial class ArrowsTests
{
    private const string Source = "engine/src/";
    private const int PageLinesMax = 25;

    [Fact]
    public void No_two_folders_of_the_engine_know_each_other() => Findings.AssertNone(Mutual(RepositoryFiles.Under(Source, ".cs")));

    [Fact]
    public void Folders_that_know_each_other_are_found() =>
        Assert.Equal(
            ["Language and Errors know each other: Language/Lexer.cs names Mistake, Errors/Mistake.cs names Lexer."],
            Mutual(
            [
                new($"{Source}Errors/Mistake.cs", "namespace X; internal sealed class Mistake(Lexer at);"),
                new($"{Source}Language/Lexer.cs", "namespace X; internal sealed class Lexer { Mistake? last; }"),
                new($"{Source}Language/Token.cs", "namespace X; internal readonly record struct Token(int Start);"),
            ]));

    [Theory]
    [InlineData("// Lexer")]
    [InlineData("/* a Lexer\n and its Lexer */")]
    [InlineData("/// <see cref=\"Lexer\"/>")]
    [InlineData("string name = \"Lexer\";")]
    [InlineData("string name = \"\"\"\n  a \"Lexer\"\n  \"\"\";")]
    [InlineData("class Lexer;")] // Both folders define it: whose is it?
    public void Comments_texts_and_shared_names_are_no_arrows(string mention) => Assert.Empty(
        Mutual([new($"{Source}Errors/Mistake.cs", $"class Mistake;\n{mention}\n"), new($"{Source}Language/Lexer.cs", "class Lexer(Mistake at);")]));

    [Fact]
    public void A_chapter_uses_what_its_page_allows()
    {
        IReadOnlyList<RepositoryFile> files = RepositoryFiles.Under(Source, ".cs");
        IReadOnlyList<RepositoryFile> pages = RepositoryFiles.Under(Source, ".md");

        Assert.Equal(files.Select(FolderOf).Distinct().Order(StringComparer.Ordinal), pages.Select(FolderOf).Order(StringComparer.Ordinal));
        Assert.All(pages, page => Assert.InRange(page.Lines().Count(), 3, PageLinesMax));
        Findings.AssertNone(BesidesItsPage(files, pages));
    }

    [Theory]
    [InlineData("**May use:** nothing.", true)]
    [InlineData("**May use:** `Parsing`.", true)]
    [InlineData("**May use:** `Language`.", false)]
    [InlineData("**May use:** everything.", false)]
    public void A_use_that_the_page_does_not_allow_is_found(string allowed, bool isFound) =>
        Assert.Equal(
            isFound ? ["Errors may not use Language: Errors/Mistake.cs names Lexer."] : [],
            BesidesItsPage(
                [new($"{Source}Errors/Mistake.cs", "class Mistake(Lexer at);"), new($"{Source}Language/Lexer.cs", "class Lexer;")],
                [new($"{Source}Errors/README.md", allowed), new($"{Source}Language/README.md", "**May use:** nothing.")]));

    private static IEnumerable<string> BesidesItsPage(IReadOnlyList<RepositoryFile> files, IReadOnlyList<RepositoryFile> pages)
    {
        Dictionary<string, string> allowed = pages.ToDictionary(FolderOf, page => Allowed().Match(page.Text).Value);
        return ArrowsIn(files, OwnWord())
            .Where(arrow => allowed[arrow.Key.From] is not "everything" and var names && !names.Contains($"`{arrow.Key.To}`", StringComparison.Ordinal))
            .Select(arrow => $"{arrow.Key.From} may not use {arrow.Key.To}: {arrow.Value}.");
    }

    private static IEnumerable<string> Mutual(IReadOnlyList<RepositoryFile> files)
    {
        Dictionary<(string From, string To), string> arrows = ArrowsIn(files, Word());
        return arrows.Where(arrow => string.CompareOrdinal(arrow.Key.From, arrow.Key.To) > 0 && arrows.ContainsKey((arrow.Key.To, arrow.Key.From)))
            .Select(arrow => $"{arrow.Key.From} and {arrow.Key.To} know each other: {arrow.Value}, {arrows[(arrow.Key.To, arrow.Key.From)]}.");
    }

    /// <summary>Which folder knows which, each with one place that shows it.</summary>
    private static Dictionary<(string From, string To), string> ArrowsIn(IReadOnlyList<RepositoryFile> files, Regex names)
    {
        (string Path, string Folder, string Code)[] sources =
            [.. files.Select(file => (file.Path[Source.Length..], FolderOf(file), Silent().Replace(file.Text, " ")))];
        Dictionary<string, string> homes = sources
            .SelectMany(source => Defined().Matches(source.Code).Select(match => (Name: match.Groups["name"].Value, source.Folder)))
            .Distinct().GroupBy(home => home.Name).Where(home => home.Count() == 1)
            .ToDictionary(home => home.Key, home => home.Single().Folder);
        return (
            from source in sources
            from name in names.Matches(source.Code).Select(match => match.Value).Distinct()
            let home = homes.GetValueOrDefault(name, source.Folder)
            where home != source.Folder
            group $"{source.Path} names {name}" by (source.Folder, home)).ToDictionary(arrow => arrow.Key, arrow => arrow.First());
    }

    private static string FolderOf(RepositoryFile file) => file.Path[Source.Length..].Split('/')[0];

    [GeneratedRegex(@"(?<=^\*\*May use:\*\* ).*(?=\.$)", RegexOptions.Multiline)]
    private static partial Regex Allowed();

    /// <summary>Comments and texts. What is interpolated goes with its text, which can hide an arrow and never invents one.</summary>
    [GeneratedRegex(""""
        """.*?"""|'(?:\\.|[^'\\])'|"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/
        """", RegexOptions.Singleline)]
    private static partial Regex Silent();

    [GeneratedRegex(@"\b(?:class|struct|record(?:\s+struct)?|interface|enum|delegate\s+[\w<>\[\]?,. ]+?)\s+(?<name>[A-Z]\w+)")]
    private static partial Regex Defined();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    /// <summary>Not a member's name, which may well be another folder's word.</summary>
    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+\b")]
    private static partial Regex OwnWord();
}
