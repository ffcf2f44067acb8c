using System.Text.RegularExpressions;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Types can be found by their names: no two types of the service share a name, and classes of mutations end in Mutation.</summary>
public sealed partial class NamesTests
{
    private static readonly string[] projects = ["src/Mycelium.Domain", "src/Mycelium.Infrastructure", "src/Mycelium.GraphQL"];

    [Fact]
    public void No_two_types_of_the_service_share_a_name() =>
        Findings.AssertNone(Shared([.. projects.SelectMany(project => RepositoryFiles.Under(project, ".cs"))]));

    [Fact]
    public void Names_of_mutation_classes_end_in_Mutation() =>
        Findings.AssertNone(RepositoryFiles.Under("src/Mycelium.GraphQL", ".cs").SelectMany(WronglyNamedMutations));

    [Fact]
    public void A_shared_name_and_a_mutation_with_the_name_of_its_operation_are_found()
    {
        RepositoryFile host = new("src/A/RentSlices.cs", "namespace A;\n[MutationType]\npublic static class RentSlices\n{\n}\n");
        RepositoryFile operation = new("src/B/RentSlices.cs", "namespace B;\npublic sealed partial class RentSlices(int x)\n{\n}\n");
        RepositoryFile part = new("src/B/RentSlices.Part.cs", "namespace B;\npublic sealed partial class RentSlices\n{\n}\n");

        Assert.Single(Shared([host, operation, part]));
        Assert.Empty(Shared([operation, part]));
        Assert.Single(WronglyNamedMutations(host));
        Assert.Empty(WronglyNamedMutations(operation));
    }

    private static IEnumerable<string> Shared(IReadOnlyList<RepositoryFile> files) =>
        from declaration in files.SelectMany(file => Declaration().Matches(file.Text).Select(match => (Name: match.Groups["name"].Value, File: file)))
        group declaration.File by declaration.Name into same
        where same.Select(file => Namespace().Match(file.Text).Value).Distinct().Count() > 1
        select $"{same.Key}: {string.Join(", ", same.Select(file => file.Path))}";

    private static IEnumerable<string> WronglyNamedMutations(RepositoryFile file) =>
        Mutation().Matches(file.Text)
            .Where(match => !match.Groups["name"].Value.EndsWith("Mutation", StringComparison.Ordinal))
            .Select(match => $"{file.Path}: {match.Groups["name"].Value}");

    /// <summary>Types that are not nested: their declarations are not indented.</summary>
    [GeneratedRegex(@"^(public |internal )(\w+ )*?(class|struct|record|interface|enum) (struct )?(?<name>[A-Z]\w*)(?<generic><\w)?", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace [\w.]+;", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\[MutationType\]\r?\n.*?class (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Mutation();
}
