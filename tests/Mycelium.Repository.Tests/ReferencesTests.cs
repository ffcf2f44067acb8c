using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>References point one way: GraphQL → Infrastructure → Domain, GraphQL → Domain, GraphQL → Engine. There are no others.</summary>
public sealed class ReferencesTests
{
    private static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Mycelium.Domain"] = [],
        ["Mycelium.GraphQL.Engine"] = [],
        ["Mycelium.Infrastructure"] = ["Mycelium.Domain"],
        ["Mycelium.GraphQL"] = ["Mycelium.Domain", "Mycelium.Infrastructure", "Mycelium.GraphQL.Engine"],
    };

    private static readonly string[] withoutPackages = ["Mycelium.Domain", "Mycelium.GraphQL.Engine"];

    private static IReadOnlyList<RepositoryFile> Projects => RepositoryFiles.Sources(".csproj");

    [Fact]
    public void The_service_is_three_projects_and_the_engine_one() => Assert.Equal(
        [
            "engine/src/Mycelium.GraphQL.Engine.csproj",
            "src/Mycelium.Domain/Mycelium.Domain.csproj",
            "src/Mycelium.GraphQL/Mycelium.GraphQL.csproj",
            "src/Mycelium.Infrastructure/Mycelium.Infrastructure.csproj",
        ],
        Projects.Select(project => project.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_reference_the_right_way() => Findings.AssertNone(Projects.SelectMany(WrongReferences));

    [Theory]
    [InlineData("Mycelium.Domain", """<ProjectReference Include="../Mycelium.Infrastructure/Mycelium.Infrastructure.csproj" />""")]
    [InlineData("Mycelium.GraphQL.Engine", """<ProjectReference Include="..\Mycelium.Domain\Mycelium.Domain.csproj" />""")]
    [InlineData("Mycelium.Domain", """<PackageReference Include="Npgsql" />""")]
    [InlineData("Mycelium.Domain", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("Mycelium.GraphQL.Engine", """<PackageReference Include="Npgsql" />""")]
    [InlineData("Mycelium.GraphQL.Engine", """<PackageReference Include="Npgsql" PrivateAssets="all" />""")]
    [InlineData("Mycelium.GraphQL.Engine", """<PackageReference Include="Microsoft.CodeAnalysis.PublicApiAnalyzers" />""")]
    [InlineData("Mycelium.Infrastructure", """<PackageReference Include="Npgsql" Version="10.0.0" />""")]
    public void A_wrong_reference_is_found(string project, string reference) =>
        Assert.Single(WrongReferences(new($"src/{project}/{project}.csproj", $"<Project><ItemGroup>{reference}</ItemGroup></Project>")));

    /// <summary>Checks the compiled assemblies, whatever the project files say.</summary>
    [Fact]
    public void Assemblies_reference_the_right_way() =>
        Assert.All(allowed, pair => Findings.AssertNone(WrongReferences(pair.Key, Assembly.Load(pair.Key).GetReferencedAssemblies())));

    [Fact]
    public void A_wrong_assembly_is_found()
    {
        Assert.Single(WrongReferences("Mycelium.Infrastructure", [new("Mycelium.GraphQL"), new("Mycelium.Domain"), new("Npgsql")]));
        Assert.Equal(2, WrongReferences("Mycelium.Domain", [new("System.Runtime"), new("Npgsql"), new("Microsoft.AspNetCore.Http")]).Count());
    }

    [Fact]
    public void The_engine_uses_aspnetcore_only_in_its_transport() =>
        Findings.AssertNone(RepositoryFiles.Under("engine/src", ".cs").SelectMany(AspNetCoreUses));

    [Fact]
    public void Aspnetcore_elsewhere_in_the_engine_is_found()
    {
        const string text = "namespace X;\nusing Microsoft.AspNetCore.Http;\n";

        Assert.Single(AspNetCoreUses(new("engine/src/Execution/X.cs", text)));
        Assert.Empty(AspNetCoreUses(new("engine/src/Transport/X.cs", text)));
    }

    [Fact]
    public void Versions_are_only_in_one_file() =>
        Assert.DoesNotContain(
            RepositoryFiles.Under("", ".csproj"), project => XDocument.Parse(project.Text).Descendants("PackageReference").Any(HasVersion));

    private static IEnumerable<string> WrongReferences(RepositoryFile project)
    {
        string name = Path.GetFileNameWithoutExtension(project.Path);
        foreach (XElement reference in XDocument.Parse(project.Text).Descendants())
        {
            string included = (string?)reference.Attribute("Include") ?? "";
            string? fault = reference.Name.LocalName switch
            {
                "ProjectReference" when !allowed[name].Contains(Path.GetFileNameWithoutExtension(included.Replace('\\', '/'))) => "may not reference",
                "PackageReference" when withoutPackages.Contains(name) && !IsAnalyzer(reference) => "has no packages, but",
                "PackageReference" when HasVersion(reference) => "leaves versions to Directory.Packages.props, but sets that of",
                "FrameworkReference" when name == "Mycelium.Domain" => "has the base class library only, but",
                _ => null,
            };
            if (fault is not null)
                yield return $"{name} {fault} {included}";
        }
    }

    private static IEnumerable<string> WrongReferences(string name, IEnumerable<AssemblyName> references) =>
        from reference in references
        let other = reference.Name!
        let isOurs = other.StartsWith("Mycelium.", StringComparison.Ordinal)
        let isBaseLibrary = other is "netstandard" or "mscorlib" || other.StartsWith("System.", StringComparison.Ordinal)
        where isOurs ? !allowed[name].Contains(other) : name == "Mycelium.Domain" && !isBaseLibrary
        select $"{name} may not reference {other}";

    private static IEnumerable<string> AspNetCoreUses(RepositoryFile file) =>
        file.Path.Contains("/Transport/", StringComparison.Ordinal)
            ? []
            : file.Lines().Where(line => line.Text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal)).Select(line => $"{file.Path}:{line.Number}");

    /// <summary>Analyzers run in the compiler, and do not reach those who use the project.</summary>
    private static bool IsAnalyzer(XElement reference) =>
        ((string?)reference.Attribute("Include"))?.EndsWith("Analyzers", StringComparison.Ordinal) == true
        && (string?)reference.Attribute("PrivateAssets") == "all";

    private static bool HasVersion(XElement reference) => reference.Attribute("Version") is not null || reference.Element("Version") is not null;
}
