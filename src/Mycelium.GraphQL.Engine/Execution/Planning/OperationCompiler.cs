using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Makes plans of one operation with one outcome of its <c>@skip</c> and <c>@include</c>. The fields of object types are planned at once; those below an
/// interface or union when a value of their type first appears, since a document may name far more combinations of types than its data ever has.
/// </summary>
internal sealed class OperationCompiler(
    Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, IReadOnlyDictionary<string, bool> conditions, LeafWriters leafWriters)
{
    private readonly Lock gate = new();

    /// <summary>Fragments may be spread in many places; what is the same field of the same type is planned once, so that a plan is no larger than its document.</summary>
    private readonly Dictionary<FieldKey, FieldPlan> plans = [];

    public SelectionSetPlan Compile(ObjectType type, SelectionSetNode set)
    {
        lock (gate)
            return Compile(type, [set]);
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#CollectSubfields()"/></summary>
    public SelectionSetPlan CompileBelow(ObjectType type, IReadOnlyList<FieldNode> fields)
    {
        lock (gate)
            return Compile(type, fields.Select(field => field.SelectionSet).OfType<SelectionSetNode>());
    }

    public LeafWriter WriterOf(NamedType leaf) => leafWriters.Of(leaf);

    private SelectionSetPlan Compile(ObjectType type, IEnumerable<SelectionSetNode> sets)
    {
        var collector = new FieldCollector(schema, fragments, conditions, type);
        foreach (SelectionSetNode set in sets)
            collector.Collect(set);
        return new SelectionSetPlan(type, [.. collector.Groups.Select(group => PlanOf(type, group))]);
    }

    private FieldPlan PlanOf(ObjectType type, List<FieldNode> nodes)
    {
        var key = new FieldKey(type, [.. nodes]);
        if (!plans.TryGetValue(key, out FieldPlan? plan))
        {
            FieldDefinition field = schema.FindField(type, nodes[0].Name)
                ?? throw new InvalidOperationException($"A validated operation selects {type.Name}.{nodes[0].Name}, which does not exist.");
            plan = new FieldPlan(this, field, key.Nodes, ArgumentsOf(field, nodes[0]), isTypeName: field == schema.Introspection.TypeName);
            plans.Add(key, plan);
        }
        return plan;
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
