using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Limits of one <c>where</c>: each comparison is work for every row.</summary>
internal static class FilterBounds
{
    public const int ComparisonCountMax = 100;
    public const int DepthMax = 10;
    public const int InCountMax = 1_000;

    /// <exception cref="GraphQLException">The filter exceeds a limit.</exception>
    public static void Check(FilterNode filter)
    {
        int comparisonCount = 0;
        Walk(filter, depth: 0, ref comparisonCount);
    }

    private static void Walk(FilterNode node, int depth, ref int comparisonCount)
    {
        switch (node)
        {
            case Compare compare:
                Count(ref comparisonCount);
                if (compare.Operand is InOperand { Count: > InCountMax })
                    throw Exceeded("values in one `in` or `nin`", "filterValues", InCountMax);
                break;
            case HasItem { Condition: null }:
                Count(ref comparisonCount);
                break;
            case HasItem { Condition: { } condition }:
                Walk(condition, depth, ref comparisonCount);
                break;
            case Not not:
                Walk(not.Condition, depth, ref comparisonCount);
                break;
            case MemberHolds member:
                Walk(member.Condition, depth, ref comparisonCount);
                break;
            case AnyOf any:
                WalkAll(any.Conditions, depth, ref comparisonCount);
                break;
            case AllOf all:
                // An object of the input counts as a level, unless it only has the operators of one value.
                WalkAll(
                    all.Conditions, all.Conditions.All(condition => condition is Compare or Not { Condition: Compare }) ? depth : Deeper(depth),
                    ref comparisonCount);
                break;
        }
    }

    private static void WalkAll(IReadOnlyList<FilterNode> conditions, int depth, ref int comparisonCount)
    {
        foreach (FilterNode condition in conditions)
            Walk(condition, depth, ref comparisonCount);
    }

    private static void Count(ref int comparisonCount)
    {
        if (++comparisonCount > ComparisonCountMax)
            throw Exceeded("comparisons", "filterComparisons", ComparisonCountMax);
    }

    private static int Deeper(int depth) => depth < DepthMax ? depth + 1 : throw Exceeded("levels", "filterDepth", DepthMax);

    private static GraphQLException Exceeded(string what, string limit, int max) =>
        new(GraphQLError.OverLimit($"`where` can have at most {max.ToString("N0", CultureInfo.InvariantCulture)} {what}.", limit, max));
}
