using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A validated operation of a cached document, with one plan for each outcome of its conditions that has been used.</summary>
internal sealed class CompiledOperation
{
    private readonly Schema schema;
    private readonly OperationAnalysis analysis;
    private readonly LeafWriters leafWriters;
    private readonly Lazy<TimeSpan?> publicMaxAge;
    private readonly PlanVariants whole;
    private readonly PlanVariants incremental;
    private SharingScope? sharing;
    private readonly CostGate costs;

    /// <exception cref="GraphQLException">The operation is nested too deeply.</exception>
    public CompiledOperation(
        Schema schema, DocumentNode document, OperationDefinitionNode definition, LeafWriters leafWriters, CostGate costs, int fieldDepthMax)
    {
        this.schema = schema;
        this.leafWriters = leafWriters;
        this.costs = costs;
        Definition = definition;
        analysis = new OperationAnalysis(document, definition, fieldDepthMax);
        publicMaxAge = new Lazy<TimeSpan?>(() => CacheControlAnalysis.PublicMaxAge(schema, definition, analysis.Fragments));
        whole = new PlanVariants(analysis.ConditionVariables, [], values => Compile(values, isIncremental: false));
        incremental = analysis.MayBeIncremental
            ? new PlanVariants(analysis.ConditionVariables, analysis.IncrementalVariables, values => Compile(values, isIncremental: true))
            : whole;
    }

    public OperationDefinitionNode Definition { get; }

    /// <summary>How long a response may be given to everyone who sends the same request; null when it may not.</summary>
    public TimeSpan? PublicMaxAge => publicMaxAge.Value;

    /// <param name="variables">After coercion.</param>
    /// <param name="isIncremental">Whether <c>@defer</c> and <c>@stream</c> take effect; if not, all plans are the same.</param>
    /// <exception cref="GraphQLException">A variable in a condition is null.</exception>
    public OperationPlan PlanFor(IReadOnlyDictionary<string, object?> variables, bool isIncremental) =>
        (isIncremental ? incremental : whole).PlanFor(variables);

    /// <summary>For a subscription: what its responses depend on.</summary>
    /// <param name="startArgument">The root field's argument that they do not depend on.</param>
    public SharingScope SharingScope(string? startArgument) => sharing ??= new SharingScope(schema, Definition, analysis.Fragments, startArgument);

    private OperationPlan Compile(IReadOnlyDictionary<string, bool> values, bool isIncremental)
    {
        ObjectType root = schema.RootType(Definition.Operation)!;
        CostPlan cost = new CostCompiler(schema, costs.Weights, costs.Options, Definition, analysis.Fragments, values).Compile(root);
        var compiler = new OperationCompiler(schema, analysis.Fragments, new PlanConditions(values, isIncremental), leafWriters);
        return new OperationPlan(Definition.Operation, compiler.Compile(root, Definition.SelectionSet), cost, isIncremental && analysis.MayBeIncremental);
    }
}
