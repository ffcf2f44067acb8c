using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>What a field, an argument, an input field or each value of a type weighs when the cost of an operation is added up.</summary>
/// <param name="weight">At least 0.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class CostAttribute(double weight) : AppliedDirectiveAttribute
{
    public double Weight { get; } = weight;

    protected internal override string Syntax => CostDirectives.Written(Weight);
}

/// <summary>How many items the field's list has at most. <c>[UsePaging]</c> says it by itself.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ListSizeAttribute : AppliedDirectiveAttribute
{
    /// <summary>Items when no argument says it; none unless set.</summary>
    public int AssumedSize { get; init; } = -1;

    /// <summary>Arguments that say it: whole numbers, or lists of which the items count.</summary>
    public string[] SlicingArguments { get; init; } = [];

    /// <summary>Items when none of <see cref="SlicingArguments"/> is given; <see cref="AssumedSize"/> unless set.</summary>
    public int SlicingArgumentDefaultValue { get; init; } = -1;

    /// <summary>Fields of the returned object whose lists have this size, in place of the field itself.</summary>
    public string[] SizedFields { get; init; } = [];

    /// <summary>Exactly one of <see cref="SlicingArguments"/> is to be given. True unless set, where there are any.</summary>
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
