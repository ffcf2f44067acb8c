namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What operations may cost, and what fields cost that say nothing themselves. Set once, by <c>ModifyCostOptions</c>, before the schema is made.
/// The numbers are HotChocolate's.
/// </summary>
public sealed class CostOptions
{
    /// <summary>An operation of which the fields cost more is refused before execution.</summary>
    public double MaxFieldCost { get; set; } = 1_000;

    /// <summary>An operation that may return more is refused before execution.</summary>
    public double MaxTypeCost { get; set; } = 1_000;

    /// <summary>Whether operations over a limit are refused. Off, costs are told and nothing more.</summary>
    public bool EnforceCostLimits { get; set; } = true;

    /// <summary>Whether answers tell their cost in <c>extensions.operationCost</c> without being asked.</summary>
    public bool ReportCost { get; set; }

    /// <summary>Whether fields of classes get the weights below where they have none of their own.</summary>
    public bool ApplyCostDefaults { get; set; } = true;

    /// <summary>A field that does I/O: its method returns a task, a query or an asynchronous sequence.</summary>
    public double DefaultResolverCost { get; set; } = 10;

    /// <summary>Giving a <c>where</c>.</summary>
    public double DefaultFilterArgumentCost { get; set; } = 10;

    /// <summary>One comparison in a <c>where</c>.</summary>
    public double DefaultFilterOperationCost { get; set; } = 10;

    /// <summary>A comparison that no index answers: within a text or over a list.</summary>
    public double DefaultExpensiveFilterOperationCost { get; set; } = 20;

    /// <summary>Giving an <c>order</c>.</summary>
    public double DefaultSortArgumentCost { get; set; } = 10;

    /// <summary>One key of an <c>order</c>.</summary>
    public double DefaultSortOperationCost { get; set; } = 10;

    /// <summary>A filter or order in a variable costs at least so many times its argument, so that it can be told before the variable is known.</summary>
    public double VariableMultiplier { get; set; } = 5;

    /// <summary>
    /// Selections that weighing may look at, each again for each type and each combination of fragments in which it may appear. The largest honest
    /// operation has some thousands, and this many take some 20 ms; only fragments in ever new combinations have more.
    /// </summary>
    public int MaxWeighedSelections { get; set; } = 200_000;
}
