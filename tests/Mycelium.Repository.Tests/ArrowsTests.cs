using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The folders of a project use each other one way only: what a folder uses never uses that folder, except for the pairs explained here.</summary>
/// <remarks>
/// Types are found by their names, without the compiler. A name that two folders define is ambiguous and left out. So types, nested ones too, need names
/// that are not the words of other folders.
/// </remarks>
public sealed partial class ArrowsTests
{
    private const string Source = "engine/src/";
    private const string Infrastructure = "src/Mycelium.Infrastructure/";
    private const string Host = "src/Mycelium.GraphQL/";
    private const string Root = "the root";
    private const int PageLinesMax = 25;

    private static readonly ExplainedPair[] ofInfrastructure =
    [
        new("Accounts", "Postgres", "MyceliumDb is the context of ASP.NET Core Identity: it names the entity Account, and accounts are read through it."),
        new("Rentals", "Provisioning", "A rental orders its machine in the transaction that begins it, and its machine begins or fails it."),
        new("Rentals", "Names", "A wallet pays an hour of its rentals and names with one entry, and a name leads to a rental."),
        new("Grid", "Postgres", "MyceliumDb lists the table of GridFlaw next to all others, and a pass writes nodes through it."),
    ];

    private static readonly ExplainedPair[] ofHost =
    [
        new("Farms", "Nodes", "The schema is mutual: a farm has nodes and a node has a farm, each read by the loader of the other."),
        new("Market", "Nodes", "The schema is mutual: a node has slice combinations and a combination has a node, each read by the loader of the other."),
    ];

    [Fact]
    public void No_two_folders_of_the_engine_know_each_other() => Findings.AssertNone(Mutual(Source, RepositoryFiles.Under(Source, ".cs")).Select(Sentence));

    [Fact]
    public void Folders_of_the_infrastructure_that_know_each_other_are_explained() =>
        Findings.AssertNone(Unexplained(Infrastructure, RepositoryFiles.Under(Infrastructure, ".cs"), ofInfrastructure));

    [Fact]
    public void Folders_of_the_host_that_know_each_other_are_explained() => Findings.AssertNone(Unexplained(Host, RepositoryFiles.Under(Host, ".cs"), ofHost));

    [Fact]
    public void A_pair_without_an_explanation_is_found_and_so_is_an_explanation_without_a_pair()
    {
        RepositoryFile[] files =
        [
            new($"{Infrastructure}Setup.cs", "class Setup { Tail tail; Table table; }"),
            new($"{Infrastructure}Events/Tail.cs", "class Tail { Setup setup; Table table; }"),
            new($"{Infrastructure}Postgres/Table.cs", "class Table { Tail tail; int count = row.Setup; }"), // A member's name is no arrow.
        ];

        Assert.Equal(
            [
                "the root and Events know each other: Setup.cs names Tail, Events/Tail.cs names Setup.",
                "the root and Postgres no longer know each other: drop the explanation.",
            ],
            Unexplained(Infrastructure, files, [new("Postgres", "Events", "both list tables"), new("Postgres", Root, "it was so once")]));
    }

    [Fact]
    public void Folders_that_know_each_other_are_found() =>
        Assert.Equal(
            ["Language and Errors know each other: Language/Lexer.cs names Mistake, Errors/Mistake.cs names Lexer."],
            Mutual(Source,
            [
                new($"{Source}Errors/Mistake.cs", "namespace X; internal sealed class Mistake(Lexer at);"),
                new($"{Source}Language/Lexer.cs", "namespace X; internal sealed class Lexer { Mistake? last; }"),
                new($"{Source}Language/Token.cs", "namespace X; internal readonly record struct Token(int Start);"),
            ]).Select(Sentence));

    [Theory]
    [InlineData("// Lexer")]
    [InlineData("/* a Lexer\n and its Lexer */")]
    [InlineData("/// <see cref=\"Lexer\"/>")]
    [InlineData("string name = \"Lexer\";")]
    [InlineData("string name = \"\"\"\n  a \"Lexer\"\n  \"\"\";")]
    [InlineData("class Lexer;")] // Both folders define it: whose is it?
    public void Comments_texts_and_shared_names_are_no_arrows(string mention) => Assert.Empty(
        Mutual(Source, [new($"{Source}Errors/Mistake.cs", $"class Mistake;\n{mention}\n"), new($"{Source}Language/Lexer.cs", "class Lexer(Mistake at);")]));

    [Fact]
    public void A_chapter_uses_what_its_page_allows()
    {
        IReadOnlyList<RepositoryFile> files = RepositoryFiles.Under(Source, ".cs");
        IReadOnlyList<RepositoryFile> pages = RepositoryFiles.Under(Source, ".md");

        Assert.Equal(files.Select(FolderOfEngine).Distinct().Order(StringComparer.Ordinal), pages.Select(FolderOfEngine).Order(StringComparer.Ordinal));
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
        Dictionary<string, string> allowed = pages.ToDictionary(FolderOfEngine, page => Allowed().Match(page.Text).Value);
        return ArrowsIn(Source, files, OwnWord())
            .Where(arrow => allowed[arrow.Key.From] is not "everything" and var names && !names.Contains($"`{arrow.Key.To}`", StringComparison.Ordinal))
            .Select(arrow => $"{arrow.Key.From} may not use {arrow.Key.To}: {arrow.Value}.");
    }

    /// <summary>Pairs that the list does not explain, and explanations of pairs that are no more.</summary>
    private static IEnumerable<string> Unexplained(string project, IReadOnlyList<RepositoryFile> files, IReadOnlyList<ExplainedPair> explained)
    {
        MutualPair[] pairs = [.. Mutual(project, files, OwnWord())];
        return
        [
            .. pairs.Where(pair => !explained.Any(one => one.Covers(pair))).Select(Sentence),
            .. explained.Where(one => !pairs.Any(one.Covers)).Select(one => $"{one.Other} and {one.One} no longer know each other: drop the explanation."),
        ];
    }

    private static IEnumerable<MutualPair> Mutual(string project, IReadOnlyList<RepositoryFile> files, Regex? names = null)
    {
        Dictionary<(string From, string To), string> arrows = ArrowsIn(project, files, names ?? Word());
        return arrows.Where(arrow => string.CompareOrdinal(arrow.Key.From, arrow.Key.To) > 0 && arrows.ContainsKey((arrow.Key.To, arrow.Key.From)))
            .Select(arrow => new MutualPair(arrow.Key.From, arrow.Key.To, arrow.Value, arrows[(arrow.Key.To, arrow.Key.From)]));
    }

    private static string Sentence(MutualPair pair) => $"{pair.One} and {pair.Other} know each other: {pair.OneUses}, {pair.OtherUses}.";

    /// <summary>Which folder knows which, each with one place that shows it.</summary>
    private static Dictionary<(string From, string To), string> ArrowsIn(string project, IReadOnlyList<RepositoryFile> files, Regex names)
    {
        (string Path, string Folder, string Code)[] sources =
            [.. files.Select(file => (file.Path[project.Length..], FolderOf(project, file), Silent().Replace(file.Text, " ")))];
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

    private static string FolderOfEngine(RepositoryFile file) => FolderOf(Source, file);

    private static string FolderOf(string project, RepositoryFile file) => file.Path[project.Length..].Split('/') is [var folder, _, ..] ? folder : Root;

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

    /// <summary>Two folders that may know each other.</summary>
    /// <param name="Why">A sentence: why neither can do without the other.</param>
    private sealed record ExplainedPair(string One, string Other, string Why)
    {
        public bool Covers(MutualPair pair) => (pair.One == One && pair.Other == Other) || (pair.One == Other && pair.Other == One);
    }

    /// <summary>Two folders that know each other, each with one place that shows it.</summary>
    private sealed record MutualPair(string One, string Other, string OneUses, string OtherUses);
}
