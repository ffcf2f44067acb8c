using System.Collections.Frozen;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// Turns literals and JSON into runtime values. A value of an input object is what <see cref="InputObjectType.Create"/> makes. A list is an
/// <c>object?[]</c> until <see cref="InputValueDefinition.Convert"/> turns it into the collection type of its place.
/// </summary>
internal static class ValueCoercion
{
    private static readonly IReadOnlyDictionary<string, object?> Nothing = FrozenDictionary<string, object?>.Empty;

    /// <summary>The value of a literal of the given type. <paramref name="path"/> starts the path in error messages.</summary>
    /// <exception cref="CoercionException">The literal does not have the type.</exception>
    public static object? FromLiteral(ValueNode literal, GraphQLType type, IReadOnlyDictionary<string, object?>? variables = null, string path = "value") =>
        new ValueCoercer(path, variables ?? Nothing).FromLiteral(literal, type);

    /// <summary>The value of a JSON value of the given type.</summary>
    /// <exception cref="CoercionException">The value does not have the type.</exception>
    public static object? FromJson(JsonElement json, GraphQLType type, string path = "value") => new ValueCoercer(path, Nothing).FromJson(json, type);

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#CoerceVariableValues()"/>. A variable that was neither given nor has a default has no entry.
    /// False when any is refused; then <paramref name="errors"/> holds a request error for each mistake, up to <see cref="VariableMistakes.CountMax"/>.
    /// </summary>
    public static bool TryCoerceVariables(
        Schema schema, IReadOnlyList<VariableDefinitionNode> definitions, JsonElement given,
        out IReadOnlyDictionary<string, object?> values, out IReadOnlyList<GraphQLError> errors) =>
        TryCoerceVariables(schema, definitions, given, FrozenSet<string>.Empty, maySuggest: () => true, out values, out errors);

    /// <param name="operands">The variables that are only used in comparisons: see <see cref="InputValueDefinition.IsOperand"/>.</param>
    /// <param name="maySuggest">Whether the client may see names of the schema that it did not write.</param>
    internal static bool TryCoerceVariables(
        Schema schema, IReadOnlyList<VariableDefinitionNode> definitions, JsonElement given, IReadOnlySet<string> operands, Func<bool> maySuggest,
        out IReadOnlyDictionary<string, object?> values, out IReadOnlyList<GraphQLError> errors)
    {
        values = Nothing;
        errors = [];
        if (definitions.Count == 0)
            return true;
        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            errors = [new GraphQLError("`variables` must be an object.", ErrorCodes.BadUserInput)];
            return false;
        }

        var coerced = new Dictionary<string, object?>(definitions.Count, StringComparer.Ordinal);
        var mistakes = new VariableMistakes(maySuggest);
        foreach (VariableDefinitionNode definition in definitions)
        {
            mistakes.Location = definition.Span.Location;
            CoerceVariable(schema, definition, given, operands.Contains(definition.Variable.Name), coerced, mistakes);
        }
        errors = mistakes.Errors;
        if (errors.Count > 0)
            return false;
        values = coerced;
        return true;
    }

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#CoerceArgumentValues()"/>, for a field or a directive. An argument that was neither given nor
    /// has a default has no entry.
    /// </summary>
    /// <exception cref="GraphQLException">An argument is invalid: an execution error at the field.</exception>
    public static IReadOnlyDictionary<string, object?> CoerceArguments(
        FieldCollection<InputValueDefinition> definitions, IReadOnlyList<ArgumentNode> given, IReadOnlyDictionary<string, object?> variables)
    {
        if (definitions.Count == 0)
            return Nothing;
        var values = new Dictionary<string, object?>(definitions.Count, StringComparer.Ordinal);
        foreach (InputValueDefinition definition in definitions)
        {
            ArgumentNode? argument = Find(given, definition.Name);
            try
            {
                object? value = new ValueCoercer(definition.Name, variables).ForPlace(definition, argument?.Value);
                if (value != InputValueDefinition.Absent)
                    values.Add(definition.Name, value);
            }
            catch (CoercionException refusal)
            {
                throw new GraphQLException(new GraphQLError(refusal.Message, ErrorCodes.BadUserInput)
                {
                    Locations = argument is null ? [] : [argument.Value.Span.Location],
                });
            }
        }
        return values;
    }

    private static void CoerceVariable(
        Schema schema, VariableDefinitionNode definition, JsonElement given, bool isOperand, Dictionary<string, object?> values,
        VariableMistakes mistakes)
    {
        string name = definition.Variable.Name;
        GraphQLType? type = schema.FindType(definition.Type);
        if (type is not { IsInputType: true })
            mistakes.Add($"`${name}`: {definition.Type} is not an input type of this schema.");
        else if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty(name, out JsonElement json))
            values[name] = new ValueCoercer($"${name}", Nothing, mistakes).FromJson(json, type, isOperand);
        else if (definition.DefaultValue is { } defaultValue)
            values[name] = new ValueCoercer($"${name}", Nothing, mistakes).FromLiteral(defaultValue, type);
        else if (type.IsNonNull)
            mistakes.Add($"`${name}` is required; its type is {type}.");
    }

    private static ArgumentNode? Find(IReadOnlyList<ArgumentNode> arguments, string name)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Name == name)
                return arguments[i];
        }
        return null;
    }
}
