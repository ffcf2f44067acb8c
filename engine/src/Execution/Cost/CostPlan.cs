using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The cost of an operation, computed once: what does not depend on variables is already a number, and a request evaluates the rest. Belongs to one
/// outcome of <c>@skip</c> and <c>@include</c>.
/// </summary>
internal sealed class CostPlan(SelectionCost root, int varyingCount)
{
    private EncodedCost? last;

    /// <summary>The same for all values of the variables.</summary>
    public bool IsConstant => root.Varying.Length == 0;

    /// <exception cref="GraphQLException">A list that needs exactly one slicing argument has none, or several.</exception>
    public OperationCost CostFor(in CostVariables variables) => IsConstant ? root.Constant : root.Evaluate(variables, new OperationCost?[varyingCount]);

    /// <summary>The entry <c>operationCost</c> as JSON. Requests of one operation mostly cost the same.</summary>
    public byte[] Encode(OperationCost cost)
    {
        if (last is { } known && known.Cost == cost)
            return known.Json;
        var made = new EncodedCost(cost, Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"\"operationCost\":{{\"fieldCost\":{Number(cost.FieldCost)},\"typeCost\":{Number(cost.TypeCost)}}}")));
        last = made;
        return made.Json;
    }

    /// <summary>JSON has no infinity; a cost that large is refused anyway.</summary>
    private static double Number(double cost) => Math.Min(cost, double.MaxValue);

    private sealed record EncodedCost(OperationCost Cost, byte[] Json);
}

/// <summary>What a request sent: variables after coercion, and as sent.</summary>
internal readonly record struct CostVariables(IReadOnlyDictionary<string, object?> Values, JsonElement Sent)
{
    public JsonElement? Find(string name) =>
        Sent.ValueKind == JsonValueKind.Object && Sent.TryGetProperty(name, out JsonElement value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;
}

/// <summary>The cost of an object of one type: its own weight, and its fields.</summary>
/// <param name="Constant">Everything that does not depend on variables.</param>
internal sealed record SelectionCost(OperationCost Constant, FieldCost[] Varying)
{
    public OperationCost Evaluate(in CostVariables variables, OperationCost?[] known)
    {
        OperationCost cost = Constant;
        foreach (FieldCost field in Varying)
            cost += field.Evaluate(variables, known);
        return cost;
    }
}

/// <summary>The cost of a field with everything below it.</summary>
internal sealed class FieldCost
{
    /// <summary>The field itself, and its arguments without variables.</summary>
    public required double Weight { get; init; }

    public IReadOnlyList<VariableCost> Arguments { get; init; } = [];
    public required ListLength Length { get; init; }

    /// <summary>One for each type that an item may have; the most expensive counts.</summary>
    public required SelectionCost[] Below { get; init; }

    /// <summary>Its position among the fields that depend on variables; -1 for one that does not.</summary>
    public required int Index { get; init; }

    /// <summary>The cost of a field that does not depend on variables.</summary>
    public OperationCost Constant { get; private set; }

    public FieldCost Settled()
    {
        if (Index < 0)
            Constant = Compute(default, []);
        return this;
    }

    public OperationCost Evaluate(in CostVariables variables, OperationCost?[] known) =>
        Index < 0 ? Constant : known[Index] ??= Compute(variables, known);

    private OperationCost Compute(in CostVariables variables, OperationCost?[] known)
    {
        double own = Weight;
        foreach (VariableCost argument in Arguments)
            own += argument.Evaluate(variables);
        double length = Length.Evaluate(variables);
        var item = default(OperationCost);
        foreach (SelectionCost type in Below)
            item = OperationCost.Max(item, type.Varying.Length == 0 ? type.Constant : type.Evaluate(variables, known));
        return new OperationCost(own, 0) + length * item;
    }
}
