using System.Reflection;
using System.Text.RegularExpressions;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Grid;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>A setting that nothing reads is ignored without a word, so every one that we tell people to set has its property.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Every class that names its section, in the projects that read settings.</summary>
    private static readonly Dictionary<string, Type> sections =
        new[] { typeof(InfrastructureSetup).Assembly, typeof(SchemaSetup).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true, FieldType.Name: nameof(String) })
            .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);

    [Fact]
    public void Every_setting_of_the_compose_file_is_one_of_the_options() => AssertKnown("docker-compose.yml", atLeast: 4);

    [Fact]
    public void Every_setting_of_the_README_is_one_of_the_options() => AssertKnown("README.md", atLeast: 4);

    /// <summary>Also written as <c>Cost:Report</c>, as code names them.</summary>
    [Fact]
    public void Every_setting_of_the_pages_is_one_of_the_options()
    {
        IReadOnlyList<RepositoryFile> pages = RepositoryFiles.Under("docs", ".md");

        Assert.True(pages.Sum(page => Setting().Count(Spelt(page.Text))) >= 25, "The pages name fewer settings than they did: are they read as they should be?");
        Findings.AssertNone(from page in pages from name in Unknown(Spelt(page.Text)) select $"{page.Path}: nothing reads {name}");
    }

    [Fact]
    public void Every_setting_of_the_scripts_is_one_of_the_options() => AssertKnown("run", atLeast: 3);

    [Theory]
    [InlineData("Postgres__ConnectionString: x", true)]
    [InlineData("Coordination__CallTimeout=00:00:01", true)]
    [InlineData("Postgres__ConnectionStrin: x", false)]
    [InlineData("Postgress__ConnectionString: x", false)]
    [InlineData("Coordination__CallTimeout__Seconds: 3", false)]
    [InlineData("Grids__test__BaseUrl: x", true)]
    [InlineData("Grids__test__Url: x", false)]
    [InlineData("Grids__Test__BaseUrl: x", false)]
    public void A_setting_is_known_by_section_and_property(string text, bool isKnown) => Assert.Equal(isKnown, !Unknown(text).Any());

    [Fact]
    public void Defaults_in_the_README_are_those_of_the_options()
    {
        MatchCollection rows = Row().Matches(File.ReadAllText(Testing.RepositoryRoot.Combine("README.md")));

        Assert.True(rows.Count >= 18, "Fewer rows than there were: are they read as they should be?");
        Findings.AssertNone(
            from row in rows
            let parts = row.Groups["name"].Value.Split("__")
            where parts[0] != GridAddresses.Section
            let told = row.Groups["default"].Value
            let actual = sections[parts[0]].GetProperty(parts[1])!.GetValue(Activator.CreateInstance(sections[parts[0]]))?.ToString()
            where told.Length == 0 ? actual is { Length: > 0 } : told != actual // Without code: what an unset one means.
            select $"README.md says that {row.Groups["name"].Value} is {(told.Length == 0 ? "unset" : told)} by default; it is {actual}.");
    }

    private static void AssertKnown(string path, int atLeast)
    {
        string text = File.ReadAllText(Testing.RepositoryRoot.Combine(path));

        Assert.True(Setting().Count(text) >= atLeast, $"{path} names fewer settings than it did: is it read as it should be?");
        Findings.AssertNone(Unknown(text).Select(name => $"{path}: nothing reads {name}"));
    }

    private static string Spelt(string text) => WithColon().Replace(text, "$1__$2");

    private static IEnumerable<string> Unknown(string text) =>
        from name in Setting().Matches(text).Select(match => match.Value).Distinct()
        let parts = name.Split("__")
        where !(parts is [GridAddresses.Section, var grid, nameof(GridOptions.BaseUrl)] && GridName.IsValid(grid))
        where parts.Length != 2 || !sections.TryGetValue(parts[0], out Type? options) || options.GetProperty(parts[1]) is not { CanWrite: true }
        where name != "Section__Name" // How the README says what the names are made of.
        select name;

    [GeneratedRegex(@"\b[A-Z][A-Za-z]*(__[A-Za-z]+)*__[A-Z][A-Za-z]*\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<=`)([A-Z][A-Za-z]*):([A-Z][A-Za-z]*)(?=[`=])")]
    private static partial Regex WithColon();

    /// <summary>A row of the README's table that tells a default.</summary>
    [GeneratedRegex(@"^\| `(?<name>\w+__\w+)` \| (`(?<default>[^`]*)`|[^`|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
