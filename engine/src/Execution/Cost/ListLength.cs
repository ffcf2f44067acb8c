using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The maximum length of a list: a number, or what its slicing arguments say.</summary>
internal sealed class ListLength
{
    private readonly double fallback;
    private readonly SlicingArgument[] slices;
    private readonly bool requiresOne;
    private readonly FieldNode? field;

    private ListLength(double fallback, SlicingArgument[] slices, bool requiresOne, FieldNode? field)
    {
        this.fallback = fallback;
        this.slices = slices;
        this.requiresOne = requiresOne;
        this.field = field;
    }

    public static ListLength One { get; } = new(1, [], requiresOne: false, field: null);

    public bool IsVarying => Array.Exists(slices, slice => slice.Variable is not null);

    /// <param name="fallback">When no slicing argument is given.</param>
    /// <param name="slices">The slicing arguments in the document.</param>
    /// <param name="requiresOne">Exactly one of them must have a value.</param>
    /// <param name="field">Where errors point to.</param>
    public static ListLength Of(double fallback, SlicingArgument[] slices, bool requiresOne, FieldNode field) =>
        slices.Length == 0 && !requiresOne && fallback == 1 ? One : new ListLength(fallback, slices, requiresOne, field);

    public double Evaluate(in CostVariables variables)
    {
        double length = 0;
        int givenCount = 0;
        foreach (SlicingArgument slice in slices)
        {
            if (slice.LengthIn(variables) is not { } given)
                continue;
            givenCount++;
            length = Math.Max(length, given);
        }
        if (requiresOne && givenCount != 1)
            throw new GraphQLException(new GraphQLError($"`{field!.Name}` needs exactly one of the arguments that limit its list.", ErrorCodes.BadUserInput)
            {
                Locations = [field.Span.Location],
            });
        return givenCount == 0 ? fallback : length;
    }
}

/// <summary>A slicing argument in the document: a variable, or a literal with this length (null for null).</summary>
internal sealed record SlicingArgument(string? Variable, double? Length)
{
    public double? LengthIn(in CostVariables variables) => Variable is null ? Length : variables.Values.GetValueOrDefault(Variable) switch
    {
        int number => Math.Max(number, 0),
        long number => Math.Max(number, 0),
        object?[] items => items.Length,
        _ => null,
    };
}
