using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Builds plans of one operation for one outcome of its conditions. The fields of object types are planned immediately; those below an interface or
/// union when a value of their type first appears, since a document may name far more combinations of types than its data ever has.
/// </summary>
internal sealed class OperationCompiler(
    Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, PlanConditions conditions, LeafWriters leafWriters)
{
    /// <summary>
    /// Fields below a <c>@defer</c> are planned again wherever they appear, so nested fragments could make a plan far larger than its document. Three
    /// screens of deferred fields are 300; a cached plan of this size takes about a megabyte.
    /// </summary>
    private const int DeferredFieldCountMax = 2_000;

    private readonly Lock gate = new();

    /// <summary>
    /// Fragments may be spread in many places. The same field of the same type is planned once, so that a plan is not larger than its document.
    /// </summary>
    private readonly Dictionary<FieldKey, FieldPlan> plans = [];

    private int deferredFieldCount;

    public SelectionSetPlan Compile(ObjectType type, SelectionSetNode set)
    {
        lock (gate)
        {
            var collector = new FieldCollector(schema, fragments, conditions, type);
            collector.Collect(set, under: null);
            return Plan(type, collector, delivering: []);
        }
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#CollectSubfields()"/></summary>
    /// <param name="usages">The enclosing <c>@defer</c> of each node; null where there is none.</param>
    /// <param name="delivering">The usages that deliver the field itself.</param>
    public SelectionSetPlan CompileBelow(ObjectType type, IReadOnlyList<FieldNode> nodes, DeferUsage?[]? usages, DeferUsage[] delivering)
    {
        lock (gate)
        {
            var collector = new FieldCollector(schema, fragments, conditions, type);
            for (int i = 0; i < nodes.Count; i++)
            {
                if (nodes[i].SelectionSet is { } set)
                    collector.Collect(set, usages?[i]);
            }
            return Plan(type, collector, delivering);
        }
    }

    public LeafWriter WriterOf(NamedType leaf) => leafWriters.Of(leaf);

    public MemberLeaf? MemberLeafOf(FieldDefinition field) => leafWriters.OfMember(field);

    /// <summary>Fields delivered by the same usages as the object are part of it; the others get groups of their own.</summary>
    private SelectionSetPlan Plan(ObjectType type, FieldCollector collected, DeferUsage[] delivering)
    {
        var own = new List<FieldPlan>();
        var later = new List<(DeferUsage[] Usages, List<FieldPlan> Fields)>();
        foreach (CollectedField field in collected.Fields)
        {
            DeferUsage[] usages = field.Delivering;
            List<FieldPlan>? fields = IsSame(usages, delivering) ? own : later.Find(group => IsSame(group.Usages, usages)).Fields;
            if (fields is null)
                later.Add((usages, fields = []));
            fields.Add(PlanOf(type, field.Nodes, field.Usages, usages));
        }
        DeferredFields? deferred = later.Count == 0 && collected.Usages.Count == 0 ? null : new DeferredFields(
            [.. collected.Usages], [.. later.Select(group => new DeferredGroup(group.Usages, new SelectionSetPlan(type, [.. group.Fields])))]);
        return new SelectionSetPlan(type, [.. own], deferred);
    }

    private static bool IsSame(DeferUsage[] one, DeferUsage[] other) =>
        one.Length == other.Length && Array.TrueForAll(one, usage => Array.IndexOf(other, usage) >= 0);

    private FieldPlan PlanOf(ObjectType type, IReadOnlyList<FieldNode> nodes, DeferUsage?[]? usages, DeferUsage[] delivering)
    {
        if (usages is not null || delivering.Length > 0)
            return MakeDeferred(type, [.. nodes], usages, delivering);
        var key = new FieldKey(type, [.. nodes]);
        if (!plans.TryGetValue(key, out FieldPlan? plan))
        {
            plan = Make(type, key.Nodes, conditions.StreamOf(key.Nodes[0].Directives) is { } directive ? field => new StreamUsage(directive, field) : null);
            plans.Add(key, plan);
        }
        return plan;
    }

    private FieldPlan MakeDeferred(ObjectType type, FieldNode[] nodes, DeferUsage?[]? usages, DeferUsage[] delivering)
    {
        if (++deferredFieldCount > DeferredFieldCountMax)
            throw new GraphQLException(
                GraphQLError.OverLimit($"The operation defers more than {DeferredFieldCountMax} fields.", "deferredFieldCount", DeferredFieldCountMax));
        Func<FieldPlan, StreamUsage>? stream = conditions.StreamOf(nodes[0].Directives) is { } directive
            ? _ => new StreamUsage(directive, PlanOf(type, nodes, null, []))
            : null;
        return Make(type, nodes, stream, usages, delivering);
    }

    private FieldPlan Make(
        ObjectType type, FieldNode[] nodes, Func<FieldPlan, StreamUsage>? stream, DeferUsage?[]? usages = null, params DeferUsage[] delivering)
    {
        FieldDefinition field = schema.FindField(type, nodes[0].Name)
            ?? throw new InvalidOperationException($"A validated operation selects {type.Name}.{nodes[0].Name}, which does not exist.");
        return new FieldPlan(this, field, nodes, ArgumentsOf(field, nodes[0]), field == schema.Introspection.TypeName, stream, usages, delivering);
    }

    /// <summary>Arguments without variables are coerced here, once; null when they depend on the request.</summary>
    private static ArgumentValues? ArgumentsOf(FieldDefinition field, FieldNode node)
    {
        if (field.Arguments.Count == 0)
            return ArgumentValues.None;
        return node.Arguments.Any(argument => VariableUse.IsIn(argument.Value))
            ? null
            : ArgumentValues.Coerce(field, node.Arguments, FrozenDictionary<string, object?>.Empty);
    }

    private readonly struct FieldKey(ObjectType type, FieldNode[] nodes) : IEquatable<FieldKey>
    {
        private readonly ObjectType type = type;

        public FieldNode[] Nodes { get; } = nodes;

        public bool Equals(FieldKey other) => type == other.type && Nodes.AsSpan().SequenceEqual(other.Nodes);

        public override bool Equals(object? other) => other is FieldKey key && Equals(key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(type);
            foreach (FieldNode node in Nodes)
                hash.Add(node);
            return hash.ToHashCode();
        }
    }
}
