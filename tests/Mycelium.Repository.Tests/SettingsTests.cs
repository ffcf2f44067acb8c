using System.Reflection;
using System.Text.RegularExpressions;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Provisioning;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Settings that nothing reads are ignored silently, so every setting that the documents mention must have a property.</summary>
public sealed partial class SettingsTests
{
    /// <summary>The classes with the name of their section, in the projects that read settings.</summary>
    private static readonly Dictionary<string, Type> sections =
        new[] { typeof(InfrastructureSetup).Assembly, typeof(SchemaSetup).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true, FieldType.Name: nameof(String) })
            .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);

    [Fact]
    public void Every_setting_in_the_compose_file_exists() => AssertKnown("docker-compose.yml", atLeast: 4);

    [Fact]
    public void Every_setting_in_the_README_exists() => AssertKnown("README.md", atLeast: 4);

    /// <summary>Settings may also be written as in code: <c>Cost:Report</c>.</summary>
    [Fact]
    public void Every_setting_in_the_docs_exists()
    {
        IReadOnlyList<RepositoryFile> pages = RepositoryFiles.Under("docs", ".md");

        Assert.True(
            pages.Sum(page => Setting().Count(Spelt(page.Text))) >= 25, "The pages name fewer settings than they did: does the pattern still match?");
        Findings.AssertNone(from page in pages from name in Unknown(Spelt(page.Text)) select $"{page.Path}: nothing reads {name}");
    }

    [Fact]
    public void Every_setting_in_the_scripts_exists() => AssertKnown("run", atLeast: 3);

    [Theory]
    [InlineData("Postgres__ConnectionString: x", true)]
    [InlineData("Coordination__CallTimeout=00:00:01", true)]
    [InlineData("Postgres__ConnectionStrin: x", false)]
    [InlineData("Postgress__ConnectionString: x", false)]
    [InlineData("Coordination__CallTimeout__Seconds: 3", false)]
    [InlineData("Grids__test__BaseUrl: x", true)]
    [InlineData("Grids__test__Url: x", false)]
    [InlineData("Grids__Test__BaseUrl: x", false)]
    [InlineData("Provisioners__test__Secret: x", true)]
    [InlineData("Provisioners__test__Password: x", false)]
    public void A_setting_is_known_by_section_and_property(string text, bool isKnown) => Assert.Equal(isKnown, !Unknown(text).Any());

    [Fact]
    public void Defaults_in_the_README_match_the_options()
    {
        MatchCollection rows = Row().Matches(File.ReadAllText(Testing.RepositoryRoot.Combine("README.md")));

        Assert.True(rows.Count >= 18, "Fewer rows than there were: does the pattern still match?");
        Findings.AssertNone(
            from row in rows
            let parts = row.Groups["name"].Value.Split("__")
            where parts[0] is not (GridAddresses.Section or Provisioners.SectionName)
            let documented = row.Groups["default"].Value
            let actual = sections[parts[0]].GetProperty(parts[1])!.GetValue(Activator.CreateInstance(sections[parts[0]]))?.ToString()
            where documented.Length == 0 ? actual is { Length: > 0 } : documented != actual // Plain text describes the meaning of an unset value.
            select $"README.md says that {row.Groups["name"].Value} is {(documented.Length == 0 ? "unset" : documented)} by default; it is {actual}.");
    }

    private static void AssertKnown(string path, int atLeast)
    {
        string text = File.ReadAllText(Testing.RepositoryRoot.Combine(path));

        Assert.True(Setting().Count(text) >= atLeast, $"{path} names fewer settings than it did: does the pattern still match?");
        Findings.AssertNone(Unknown(text).Select(name => $"{path}: nothing reads {name}"));
    }

    private static string Spelt(string text) => WithColon().Replace(text, "$1__$2");

    private static IEnumerable<string> Unknown(string text) =>
        from name in Setting().Matches(text).Select(match => match.Value).Distinct()
        let parts = name.Split("__")
        where !(parts is [GridAddresses.Section, var grid, nameof(GridOptions.BaseUrl)] && GridName.IsValid(grid))
        where !(parts is [Provisioners.SectionName, var of, nameof(ProvisionerAddress.BaseUrl) or "Secret" or "KeyId"] && GridName.IsValid(of))
        where parts.Length != 2 || !sections.TryGetValue(parts[0], out Type? options) || options.GetProperty(parts[1]) is not { CanWrite: true }
        where name != "Section__Name" // The README's example of how names are composed.
        select name;

    [GeneratedRegex(@"\b[A-Z][A-Za-z]*(__[A-Za-z]+)*__[A-Z][A-Za-z]*\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<=`)([A-Z][A-Za-z]*):([A-Z][A-Za-z]*)(?=[`=])")]
    private static partial Regex WithColon();

    /// <summary>A row in the README's table with a default.</summary>
    [GeneratedRegex(@"^\| `(?<name>\w+__\w+)` \| (`(?<default>[^`]*)`|[^`|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
