using System.Text.Json;
using System.Text.RegularExpressions;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>
/// All dependencies are pinned to a patch version, and none has a vulnerability listed in <c>tools/denylist.json</c>. The list is our own
/// and not complete: it prevents fixed vulnerabilities from coming back with a lower version.
/// </summary>
public sealed partial class SupplyChainTests
{
    private static readonly string[] imageFiles = ["Dockerfile", "docker-compose.yml"];

    [Fact]
    public void No_package_and_no_image_has_a_listed_vulnerability() => Findings.AssertNone(Flawed(Locked().Concat(Images()), Denied()));

    [Fact]
    public void A_version_inside_a_denied_range_is_found_and_one_outside_is_not()
    {
        Denial[] denied = [new("nuget", "A", "2.0.0", "2.1.3", "F-1"), new("npm", "b", null, "3.3.8", "F-2"), new("image", "c", null, "17.11", "F-3")];
        Part[] parts =
        [
            new("nuget", "a", "1.9.9", "x"), new("nuget", "a", "2.0.0", "x"), new("nuget", "a", "2.1.2-rc.1", "x"),
            new("nuget", "a", "2.1.3", "x"), new("npm", "a", "2.0.0", "x"),
            new("npm", "b", "3.3.10", "y"), new("npm", "b", "3.3.7", "y"), new("image", "c", "17.2", "z"), new("image", "c", "17.12", "z"),
        ];

        Assert.Equal(
            [
                "x: a 2.0.0 has F-1; use 2.1.3 or newer",
                "x: a 2.1.2-rc.1 has F-1; use 2.1.3 or newer",
                "y: b 3.3.7 has F-2; use 3.3.8 or newer",
                "z: c 17.2 has F-3; use 17.11 or newer",
            ],
            Flawed(parts, denied));
    }

    [Fact]
    public void Every_project_locks_its_packages() => Findings.AssertNone(
        RepositoryFiles.Under("", ".csproj")
            .Select(project => Path.GetDirectoryName(project.Path)! + "/packages.lock.json")
            .Where(path => !File.Exists(RepositoryRoot.Combine(path)))
            .Select(path => $"{path} is missing: dotnet restore writes it"));

    [Fact]
    public void Every_locked_package_has_the_hash_of_its_content() => Findings.AssertNone(
        RepositoryFiles.Under("", ".json").Where(file => Path.GetFileName(file.Path) == "packages.lock.json").SelectMany(file =>
            NuGetParts(file.Text)
                .Where(part => part.Value.GetProperty("type").GetString() != "Project" && !part.Value.TryGetProperty("contentHash", out _))
                .Select(part => $"{file.Path}: {part.Name}")));

    [Fact]
    public void Every_image_is_pinned_to_a_patch() => Findings.AssertNone(
        Images().Where(image => !PatchedTag().IsMatch(image.Version)).Select(image => $"{image.Where}: {image.Name}:{image.Version} has no patch version"));

    [Fact]
    public async Task The_bill_of_materials_lists_every_package_that_ships()
    {
        string folder = Directory.CreateTempSubdirectory("mycelium-sbom-").FullName;
        try
        {
            await ChildProcess.RunAsync("bash", [RepositoryRoot.Combine("tools/sbom.sh"), folder]);

            string[] shipped = [.. NuGetParts(File.ReadAllText(RepositoryRoot.Combine("src/Mycelium.GraphQL/packages.lock.json")))
                .Where(part => part.Value.GetProperty("type").GetString() is "Direct" or "Transitive" or "CentralTransitive" && !IsBuildOnly(part.Name))
                .Select(part => $"pkg:nuget/{part.Name}@{part.Value.GetProperty("resolved").GetString()}")];
            Findings.AssertNone(shipped.Except(Purls(Path.Combine(folder, "api.cdx.json")), StringComparer.OrdinalIgnoreCase));
            Assert.Contains(Purls(Path.Combine(folder, "web.cdx.json")), purl => purl.StartsWith("pkg:npm/graphiql@", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Analyzers run only in the compiler, and are not deployed.</summary>
    private static bool IsBuildOnly(string package) => package.EndsWith(".Analyzers", StringComparison.Ordinal);

    private static IEnumerable<string> Purls(string file) =>
        JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("components").EnumerateArray()
            .Select(component => component.GetProperty("purl").GetString()!);

    private static IEnumerable<string> Flawed(IEnumerable<Part> parts, IReadOnlyCollection<Denial> denied) =>
        from part in parts
        from denial in denied
        where denial.Kind == part.Kind && denial.Name.Equals(part.Name, StringComparison.OrdinalIgnoreCase) && denial.Covers(part.Version)
        select $"{part.Where}: {part.Name} {part.Version} has {denial.Flaw}; use {denial.Below} or newer";

    private static Denial[] Denied() =>
        JsonSerializer.Deserialize<Denial[]>(File.ReadAllText(RepositoryRoot.Combine("tools/denylist.json")), JsonSerializerOptions.Web)!;

    private static IEnumerable<Part> Locked() => RepositoryFiles.Under("", ".json").SelectMany(file => Path.GetFileName(file.Path) switch
    {
        "packages.lock.json" => NuGetParts(file.Text)
            .Where(part => part.Value.TryGetProperty("resolved", out _))
            .Select(part => new Part("nuget", part.Name, part.Value.GetProperty("resolved").GetString()!, file.Path)),
        "package-lock.json" => NpmParts(file),
        _ => [],
    });

    private static IEnumerable<JsonProperty> NuGetParts(string text) =>
        JsonDocument.Parse(text).RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject());

    private static IEnumerable<Part> NpmParts(RepositoryFile file)
    {
        const string Folder = "node_modules/";
        return JsonDocument.Parse(file.Text).RootElement.GetProperty("packages").EnumerateObject()
            .Where(package => package.Name.Contains(Folder, StringComparison.Ordinal) && package.Value.TryGetProperty("version", out _))
            .Select(package => new Part(
                "npm",
                package.Name[(package.Name.LastIndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..],
                package.Value.GetProperty("version").GetString()!,
                file.Path));
    }

    private static IEnumerable<Part> Images() =>
        imageFiles.SelectMany(name => ImageLine().Matches(File.ReadAllText(RepositoryRoot.Combine(name)))
            .Select(match => new Part("image", match.Groups["name"].Value, match.Groups["tag"].Value, name)));

    [GeneratedRegex(@"^(?:FROM|\s*image:)\s+(?<name>[\w./-]+):(?<tag>[\w.-]+)", RegexOptions.Multiline)]
    private static partial Regex ImageLine();

    /// <summary>PostgreSQL has two version numbers, everything else three.</summary>
    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?(-[a-z]+)?$")]
    private static partial Regex PatchedTag();

    private sealed record Part(string Kind, string Name, string Version, string Where);

    private sealed record Denial(string Kind, string Name, string? From, string Below, string Flaw)
    {
        public bool Covers(string version) => (From is null || Compare(version, From) >= 0) && Compare(version, Below) < 0;

        /// <summary>Compares only the numbers: a pre-release counts as its release.</summary>
        private static int Compare(string one, string other)
        {
            int[] left = Numbers(one), right = Numbers(other);
            for (int index = 0; index < Math.Max(left.Length, right.Length); index++)
            {
                int difference = left.ElementAtOrDefault(index).CompareTo(right.ElementAtOrDefault(index));
                if (difference != 0)
                    return difference;
            }
            return 0;
        }

        private static int[] Numbers(string version) => [.. version.Split('-', '+')[0].Split('.').Select(int.Parse)];
    }
}
