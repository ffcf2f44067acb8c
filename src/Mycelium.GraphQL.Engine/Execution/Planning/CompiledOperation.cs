using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A validated operation of a cached document, with one plan for each outcome of its <c>@skip</c> and <c>@include</c> that was asked for.</summary>
internal sealed class CompiledOperation
{
    /// <summary>Plans kept; a document with more outcomes than that is compiled anew each time.</summary>
    private const int PlanCountMax = 32;

    private readonly ConcurrentDictionary<ulong, OperationPlan> plans = [];
    private readonly Schema schema;
    private readonly OperationAnalysis analysis;
    private readonly LeafWriters leafWriters;
    private readonly Lazy<TimeSpan?> publicMaxAge;
    private SharingScope? sharing;
    private readonly CostGate costs;

    /// <exception cref="GraphQLException">The operation is nested too deeply.</exception>
    public CompiledOperation(Schema schema, DocumentNode document, OperationDefinitionNode definition, LeafWriters leafWriters, CostGate costs, int fieldDepthMax)
    {
        this.schema = schema;
        this.leafWriters = leafWriters;
        this.costs = costs;
        Definition = definition;
        analysis = new OperationAnalysis(document, definition, fieldDepthMax);
        publicMaxAge = new Lazy<TimeSpan?>(() => CacheControlAnalysis.PublicMaxAge(schema, definition, analysis.Fragments));
    }

    public OperationDefinitionNode Definition { get; }

    /// <summary>How long an answer may be given to everybody who asks the same; null when it may not.</summary>
    public TimeSpan? PublicMaxAge => publicMaxAge.Value;

    /// <exception cref="GraphQLException">A variable that decides a condition is null.</exception>
    public OperationPlan PlanFor(IReadOnlyDictionary<string, object?> variables)
    {
        ulong outcome = OutcomeOf(variables);
        if (plans.TryGetValue(outcome, out OperationPlan? plan) && analysis.ConditionVariables.Length <= 64)
            return plan;
        plan = Compile(variables);
        if (plans.Count < PlanCountMax)
            plans.TryAdd(outcome, plan);
        return plan;
    }

    /// <summary>Of a subscription: what its answers depend on.</summary>
    /// <param name="startArgument">The root field's argument that they do not depend on.</param>
    public SharingScope SharingScope(string? startArgument) => sharing ??= new SharingScope(schema, Definition, analysis.Fragments, startArgument);

    private OperationPlan Compile(IReadOnlyDictionary<string, object?> variables)
    {
        Dictionary<string, bool> conditions = analysis.ConditionVariables.ToDictionary(name => name, name => IsTrue(name, variables), StringComparer.Ordinal);
        ObjectType root = schema.RootType(Definition.Operation)!;
        CostPlan cost = new CostCompiler(schema, costs.Weights, costs.Options, Definition, analysis.Fragments, conditions).Compile(root);
        var compiler = new OperationCompiler(schema, analysis.Fragments, conditions, leafWriters);
        return new OperationPlan(Definition.Operation, compiler.Compile(root, Definition.SelectionSet), cost);
    }

    /// <summary>One bit for each variable.</summary>
    private ulong OutcomeOf(IReadOnlyDictionary<string, object?> variables)
    {
        ulong outcome = 0;
        string[] names = analysis.ConditionVariables;
        for (int i = 0; i < names.Length; i++)
        {
            if (IsTrue(names[i], variables))
                outcome |= 1UL << i;
        }
        return outcome;
    }

    private static bool IsTrue(string name, IReadOnlyDictionary<string, object?> variables) => variables.GetValueOrDefault(name) is bool value
        ? value
        : throw new GraphQLException($"${name}: a value of type Boolean! is required, not null.", ErrorCodes.BadUserInput);
}
