using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The weight of a field, an argument, an input field or each value of a type in the cost of an operation.</summary>
/// <param name="weight">At least 0.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Property
    | AttributeTargets.Parameter)]
public sealed class CostAttribute(double weight) : AppliedDirectiveAttribute
{
    public double Weight { get; } = weight;

    protected internal override string Syntax => CostDirectives.Written(Weight);
}

/// <summary>How many items the field's list has at most. <c>[UsePaging]</c> sets it automatically.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ListSizeAttribute : AppliedDirectiveAttribute
{
    /// <summary>The number of items when no argument sets it; none by default.</summary>
    public int AssumedSize { get; init; } = -1;

    /// <summary>Arguments that set the number of items: integers, or lists whose length counts.</summary>
    public string[] SlicingArguments { get; init; } = [];

    /// <summary>The number of items when none of <see cref="SlicingArguments"/> is given; <see cref="AssumedSize"/> by default.</summary>
    public int SlicingArgumentDefaultValue { get; init; } = -1;

    /// <summary>Fields of the returned object whose lists have this size, instead of the field itself.</summary>
    public string[] SizedFields { get; init; } = [];

    /// <summary>Whether exactly one of <see cref="SlicingArguments"/> must be given. True by default where there are any.</summary>
    public bool RequireOneSlicingArgument { get; init; } = true;

    protected internal override string Syntax
    {
        get
        {
            List<string> arguments = [];
            if (AssumedSize >= 0)
                arguments.Add($"assumedSize: {AssumedSize}");
            if (SlicingArguments.Length > 0)
                arguments.Add($"slicingArguments: [{Quoted(SlicingArguments)}]");
            if (SlicingArgumentDefaultValue >= 0)
                arguments.Add($"slicingArgumentDefaultValue: {SlicingArgumentDefaultValue}");
            if (SizedFields.Length > 0)
                arguments.Add($"sizedFields: [{Quoted(SizedFields)}]");
            if (!RequireOneSlicingArgument)
                arguments.Add("requireOneSlicingArgument: false");
            return arguments.Count == 0 ? "@listSize" : $"@listSize({string.Join(", ", arguments)})";
        }
    }

    private static string Quoted(string[] names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
