using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Admits requests whose cost is within their limits. Runs after the coercion of variables and before execution.</summary>
internal sealed class CostGate(Schema schema, CostOptions options, ICostLimits? limits)
{
    public CostOptions Options => options;
    public CostWeights Weights { get; } = new(schema);

    /// <summary>The cost as the entry <c>operationCost</c> of the response's extensions, if the response shows it.</summary>
    /// <param name="plan">Of the operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="variables">After coercion.</param>
    /// <param name="isMetered">The cost is needed, even if it is not limited.</param>
    /// <param name="cost">What the operation costs; zero when the cost is not needed.</param>
    /// <exception cref="GraphQLException">It costs too much.</exception>
    public byte[]? Admit(CostPlan plan, GraphQLRequest request, IReadOnlyDictionary<string, object?> variables, bool isMetered, out OperationCost cost)
    {
        cost = default;
        if (!options.EnforceCostLimits && !options.ReportCost && request.Cost == CostMode.None && !isMetered)
            return null;
        cost = plan.CostFor(new CostVariables(variables, request.Variables));
        if (options.EnforceCostLimits)
            Check(cost, request);
        return options.ReportCost || request.Cost != CostMode.None ? plan.Encode(cost) : null;
    }

    private void Check(OperationCost cost, GraphQLRequest request)
    {
        CostLimits allowed = limits?.For(request) ?? new CostLimits(options.MaxFieldCost, options.MaxTypeCost);
        OperationCost total = cost;
        if (request.CostBudget?.TrySpend(cost, allowed, out total) ?? allowed.Allow(cost))
            return;
        string what = total == cost ? "The operation" : "The batch, up to this operation,";
        throw new GraphQLException([.. Refusals(what, total, allowed)]);
    }

    private static IEnumerable<GraphQLError> Refusals(string what, OperationCost cost, CostLimits allowed)
    {
        if (!(cost.FieldCost <= allowed.MaxFieldCost))
            yield return Refusal(what, "fieldCost", "maxFieldCost", cost.FieldCost, allowed.MaxFieldCost, "Ask for fewer items or fields.");
        if (!(cost.TypeCost <= allowed.MaxTypeCost))
            yield return Refusal(what, "typeCost", "maxTypeCost", cost.TypeCost, allowed.MaxTypeCost, "Ask for fewer items.");
    }

    private static GraphQLError Refusal(string what, string name, string maxName, double cost, double max, string advice)
    {
        GraphQLError refusal = GraphQLError.OverLimit(
            string.Create(CultureInfo.InvariantCulture, $"{what} has a {name} of {cost}; at most {max} is allowed. {advice}"), name, max);
        return refusal with { Extensions = new Dictionary<string, object?>(refusal.Extensions) { [name] = Math.Min(cost, double.MaxValue), [maxName] = max } };
    }
}
