using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The weights of the definitions of a schema: their own, or else 1 for objects and fields that return them, and 0 for everything else.
/// </summary>
internal sealed class CostWeights(Schema schema)
{
    /// <summary>
    /// Introspection is answered from memory and has its own limits, so <c>__schema</c> and <c>__type</c> weigh as much as a field with I/O, whatever
    /// is selected below them.
    /// </summary>
    public const double Introspection = 10;

    private readonly ConcurrentDictionary<FieldDefinition, FieldWeight> fields = [];
    private readonly ConcurrentDictionary<InputValueDefinition, double> inputs = [];
    private readonly ConcurrentDictionary<NamedType, double> types = [];

    public FieldWeight Of(FieldDefinition field) => fields.GetOrAdd(field, static (field, schema) =>
    {
        if (field == schema.Introspection.TypeName)
            return new FieldWeight(0, null, IsWhole: true);
        if (field == schema.Introspection.Schema || field == schema.Introspection.Type)
            return new FieldWeight(Introspection, null, IsWhole: true);
        return new FieldWeight(CostDirectives.Weight(field.Directives) ?? Default(field.Type.Named), CostDirectives.SizeRule(field.Directives), IsWhole: false);
    }, schema);

    public double Of(InputValueDefinition input) =>
        inputs.GetOrAdd(input, static input => CostDirectives.Weight(input.Directives) ?? Default(input.Type.Named));

    public double Of(NamedType type) => types.GetOrAdd(type, static type => CostDirectives.Weight(type.Directives) ?? Default(type));

    private static double Default(NamedType type) => type is ScalarType or EnumType ? 0 : 1;
}

/// <param name="IsWhole">What is selected below costs nothing more.</param>
internal sealed record FieldWeight(double Weight, ListSizeRule? Size, bool IsWhole);
