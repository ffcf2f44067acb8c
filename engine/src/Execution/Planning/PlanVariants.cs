using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The plans of one operation, one for each outcome of its conditions.</summary>
/// <param name="required">Variables that must have a value.</param>
/// <param name="optional">Variables that count as true when they are not given.</param>
internal sealed class PlanVariants(string[] required, string[] optional, Func<IReadOnlyDictionary<string, bool>, OperationPlan> compile)
{
    /// <summary>The number of plans that are kept; with more outcomes, a document is compiled again each time.</summary>
    private const int PlanCountMax = 32;

    private const int OutcomeBits = 64;

    private readonly ConcurrentDictionary<ulong, OperationPlan> plans = [];

    /// <exception cref="GraphQLException">A variable in a condition is null.</exception>
    public OperationPlan PlanFor(IReadOnlyDictionary<string, object?> variables)
    {
        ulong outcome = OutcomeOf(variables);
        bool isCached = required.Length + optional.Length <= OutcomeBits;
        if (isCached && plans.TryGetValue(outcome, out OperationPlan? plan))
            return plan;
        plan = compile(required.Concat(optional).ToDictionary(name => name, name => IsTrue(name, variables), StringComparer.Ordinal));
        if (isCached && plans.Count < PlanCountMax)
            plan = plans.GetOrAdd(outcome, plan);
        return plan;
    }

    /// <summary>One bit for each variable.</summary>
    private ulong OutcomeOf(IReadOnlyDictionary<string, object?> variables)
    {
        ulong outcome = 0;
        for (int i = 0; i < required.Length; i++)
        {
            if (IsTrue(required[i], variables))
                outcome |= 1UL << i;
        }
        for (int i = 0; i < optional.Length; i++)
        {
            if (IsTrue(optional[i], variables))
                outcome |= 1UL << (required.Length + i);
        }
        return outcome;
    }

    private bool IsTrue(string name, IReadOnlyDictionary<string, object?> variables)
    {
        if (variables.TryGetValue(name, out object? value) ? value is bool : Array.IndexOf(optional, name) >= 0)
            return value is not false;
        throw new GraphQLException($"`${name}` must not be null; its type is Boolean!.", ErrorCodes.BadUserInput);
    }
}
