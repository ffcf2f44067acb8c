using System.Reflection;
using System.Runtime.CompilerServices;
using Mycelium.Domain;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>The results of each operation: one success, and refusals that a client can show even if it does not know them.</summary>
public sealed class ResultUnionsTests
{
    private static readonly Type[] domain = typeof(IProblem).Assembly.GetTypes();

    [Fact]
    public void Each_result_interface_is_a_sound_union()
    {
        Type[] unions = [.. domain.Where(IsResultUnion)];

        Assert.True(unions.Length >= 7, $"Only {unions.Length} result unions were found.");
        Findings.AssertNone(unions.SelectMany(union => Faults(union, domain)));
    }

    [Fact]
    public void Each_problem_has_the_code_of_its_name() =>
        Assert.All(domain.Where(IsProblem), problem => Assert.True(HasCodeOfItsName(problem), problem.Name));

    [Fact]
    public void Each_code_has_its_problem() =>
        Assert.Equal(Enum.GetNames<ProblemCode>().Order(), domain.Where(IsProblem).Select(problem => problem.Name).Order());

    [Fact]
    public void Unsound_unions_are_found()
    {
        Type[] samples = typeof(Samples).GetNestedTypes(BindingFlags.NonPublic);

        Assert.Empty(Faults(typeof(Samples.ISoundResult), samples));
        Assert.Contains("2 members that are not problems", Assert.Single(Faults(typeof(Samples.IRefusedSilentlyResult), samples)));
        Assert.Contains("0 members that are not problems", Assert.Single(Faults(typeof(Samples.INeverSucceedsResult), samples)));
        Assert.Contains("fewer than two", Assert.Single(Faults(typeof(Samples.ILonelyResult), samples)));
        Assert.Contains("not a sealed record", Assert.Single(Faults(typeof(Samples.IOpenResult), samples)));
        Assert.False(HasCodeOfItsName(typeof(Samples.Mislabelled)));
    }

    private static bool IsResultUnion(Type type) =>
        type.IsInterface && type.Name.StartsWith('I') && type.Name.EndsWith("Result", StringComparison.Ordinal);

    private static bool IsProblem(Type type) => type.IsClass && type.IsAssignableTo(typeof(IProblem));

    private static bool HasCodeOfItsName(Type problem) =>
        ((IProblem)RuntimeHelpers.GetUninitializedObject(problem)).Code.ToString() == problem.Name;

    private static IEnumerable<string> Faults(Type union, Type[] among)
    {
        Type[] members = [.. among.Where(type => type.IsClass && type.IsAssignableTo(union))];
        if (members.Length < 2)
            yield return $"{union.Name} has fewer than two members.";

        int successes = members.Count(member => !IsProblem(member));
        if (members.Length >= 2 && successes != 1)
            yield return $"{union.Name} has {successes} members that are not problems: exactly one must be the success, the others must implement IProblem.";

        foreach (Type member in members.Where(member => !member.IsSealed || member.GetMethod("<Clone>$") is null))
            yield return $"{member.Name} in {union.Name} is not a sealed record.";
    }

    private static class Samples
    {
        internal interface ISoundResult;
        internal interface IRefusedSilentlyResult;
        internal interface INeverSucceedsResult;
        internal interface ILonelyResult;
        internal interface IOpenResult;

        internal sealed record Done : ISoundResult, IRefusedSilentlyResult, ILonelyResult, IOpenResult;
        internal sealed record SilentlyRefused : IRefusedSilentlyResult;

        internal sealed record Mislabelled : ISoundResult, INeverSucceedsResult, IProblem
        {
            public string Message => "Never shown.";
            public ProblemCode Code => ProblemCode.NodeNotFound;
        }

        internal sealed record AnotherRefusal : INeverSucceedsResult, IProblem
        {
            public string Message => "Never shown.";
            public ProblemCode Code => ProblemCode.NodeNotFound;
        }

        internal sealed class Open : IOpenResult, IProblem
        {
            public string Message => "Never shown.";
            public ProblemCode Code => ProblemCode.NodeNotFound;
        }
    }
}
