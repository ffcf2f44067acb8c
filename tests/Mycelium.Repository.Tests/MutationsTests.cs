using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Every mutation has the test file of its name, wherever in the host's tests.</summary>
public sealed class MutationsTests
{
    [Fact]
    public void Every_mutation_has_its_test_file() =>
        Findings.AssertNone(Untested(Assembly.Load("Mycelium.GraphQL").GetTypes(), RepositoryFiles.Under("tests/Mycelium.GraphQL.Tests", ".cs")));

    [Fact]
    public void A_mutation_without_its_test_file_is_found()
    {
        RepositoryFile[] files = [new("tests/Mycelium.GraphQL.Tests/Rentals/RentSampleTests.cs", "")];

        Assert.Equal([nameof(SampleMutations.CancelSampleAsync)], Untested([typeof(SampleMutations), typeof(string)], files));
    }

    private static IEnumerable<string> Untested(IEnumerable<Type> types, IReadOnlyList<RepositoryFile> tests) =>
        from type in types
        where type.GetCustomAttribute<MutationTypeAttribute>() is not null
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.IsSpecialName && !IsTested(method.Name, tests)
        select method.Name;

    private static bool IsTested(string method, IReadOnlyList<RepositoryFile> tests)
    {
        string operation = method.EndsWith("Async", StringComparison.Ordinal) ? method[..^"Async".Length] : method;
        return tests.Any(file => Path.GetFileName(file.Path) == $"{operation}Tests.cs");
    }

    [MutationType]
    private static class SampleMutations
    {
        public static string RentSample() => "";

        public static string CancelSampleAsync() => "";
    }
}
