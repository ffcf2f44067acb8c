namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The limits of operations, and the weights of fields that do not set their own. Set once, by <c>ModifyCostOptions</c>, before the schema is built.
/// The defaults are HotChocolate's.
/// </summary>
public sealed class CostOptions
{
    /// <summary>An operation whose fields cost more is refused before execution.</summary>
    public double MaxFieldCost { get; set; } = 1_000;

    /// <summary>An operation that may return more is refused before execution.</summary>
    public double MaxTypeCost { get; set; } = 1_000;

    /// <summary>Whether operations over a limit are refused. When off, costs are only reported.</summary>
    public bool EnforceCostLimits { get; set; } = true;

    /// <summary>Whether responses show their cost in <c>extensions.operationCost</c> without being asked.</summary>
    public bool ReportCost { get; set; }

    /// <summary>Whether fields of classes get the weights below when they have none of their own.</summary>
    public bool ApplyCostDefaults { get; set; } = true;

    /// <summary>A field that does I/O: its method returns a task, a query or an asynchronous sequence.</summary>
    public double DefaultResolverCost { get; set; } = 10;

    /// <summary>Using <c>where</c>.</summary>
    public double DefaultFilterArgumentCost { get; set; } = 10;

    /// <summary>One comparison in a <c>where</c>.</summary>
    public double DefaultFilterOperationCost { get; set; } = 10;

    /// <summary>A comparison that cannot use an index: inside text or over a list.</summary>
    public double DefaultExpensiveFilterOperationCost { get; set; } = 20;

    /// <summary>Using <c>order</c>.</summary>
    public double DefaultSortArgumentCost { get; set; } = 10;

    /// <summary>One key of an <c>order</c>.</summary>
    public double DefaultSortOperationCost { get; set; } = 10;

    /// <summary>
    /// A filter or sort order in a variable costs at least this many times its argument, so that its cost can be stated before the variable is known.
    /// </summary>
    public double VariableMultiplier { get; set; } = 5;

    /// <summary>
    /// The maximum number of selections to analyze, counted again for each type and each combination of fragments in which they may appear. The
    /// largest honest operation has a few thousand, and this many take about 20 ms; only documents that keep combining fragments in new ways have
    /// more.
    /// </summary>
    public int MaxWeighedSelections { get; set; } = 200_000;
}
