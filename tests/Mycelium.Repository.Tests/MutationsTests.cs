using System.Reflection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Every mutation has a test file with its name, in any folder of the host's tests.</summary>
public sealed class MutationsTests
{
    [Fact]
    public void Every_mutation_has_its_test_file() =>
        Findings.AssertNone(Untested(Assembly.Load("Mycelium.GraphQL").GetTypes(), RepositoryFiles.Under("tests/Mycelium.GraphQL.Tests", ".cs")));

    [Fact]
    public void A_mutation_without_its_test_file_is_found()
    {
        RepositoryFile[] files = [new("tests/Mycelium.GraphQL.Tests/Rentals/RentSampleTests.cs", "")];

        Assert.Equal(["CancelSample"], Untested([typeof(RentSample), typeof(CancelSample), typeof(string)], files));
    }

    private static IEnumerable<string> Untested(IEnumerable<Type> types, IReadOnlyList<RepositoryFile> tests) =>
        from type in types
        where type.GetCustomAttribute<MutationTypeAttribute>() is not null
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.IsSpecialName
        let operation = OperationOf(method)
        where tests.All(file => Path.GetFileName(file.Path) != $"{operation}Tests.cs")
        select operation;

    /// <summary>The mutation's name in the schema, as a class spells it.</summary>
    private static string OperationOf(MethodInfo method)
    {
        string name = method.GetCustomAttribute<GraphQLNameAttribute>()?.Name ?? method.Name;
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    [MutationType]
    private static class RentSample
    {
        [GraphQLName("rentSample")]
        public static string Execute() => "";
    }

    [MutationType]
    private static class CancelSample
    {
        [GraphQLName("cancelSample")]
        public static string Execute() => "";
    }
}
