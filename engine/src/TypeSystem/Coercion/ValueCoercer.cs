using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// One coercion. It tracks its position inside the value, so that a message can name it: <c>$input.where.price</c>.
/// <see href="https://spec.graphql.org/September2025/#sec-Values"/>
/// </summary>
/// <param name="root">The name of the whole value.</param>
/// <param name="variables">Already coerced.</param>
/// <param name="mistakes">
/// Collects every mistake; if there is one, the result is meaningless. Without it, the first mistake throws a <see cref="CoercionException"/>.
/// </param>
internal sealed class ValueCoercer(string root, IReadOnlyDictionary<string, object?> variables, VariableMistakes? mistakes = null)
{
    /// <summary>The parsers of documents and JSON have limits of their own; this one applies to every caller.</summary>
    private const int DepthMax = 200;

    /// <summary>Stands for a value whose mistakes have been reported.</summary>
    private static readonly object Refused = new();

    private readonly List<object> path = [];

    /// <param name="literal">May contain variables.</param>
    /// <param name="type">The expected type.</param>
    /// <param name="isOperand">It is only compared with values of the type.</param>
    public object? FromLiteral(ValueNode literal, GraphQLType type, bool isOperand = false)
    {
        if (literal is VariableNode variable)
            return FromVariable(variable, type);
        if (literal is NullValueNode)
            return type.IsNonNull ? RefuseNull(type) : null;
        if (CannotContinue() is { } refused)
            return refused;
        return type.Nullable switch
        {
            ListType list => ListFromLiteral(literal, list, isOperand),
            InputObjectType input => ObjectFromLiteral(literal, input),
            EnumType @enum => EnumFromLiteral(literal, @enum),
            ScalarType scalar when isOperand => Guarded(scalar.ParseOperand, literal),
            ScalarType scalar => Guarded(scalar.ParseLiteral, scalar is AnyType ? WithoutVariables(literal) : literal),
            _ => Refuse($"{type} is not an input type."),
        };
    }

    /// <inheritdoc cref="FromLiteral"/>
    public object? FromJson(JsonElement json, GraphQLType type, bool isOperand = false)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return type.IsNonNull ? RefuseNull(type) : null;
        if (CannotContinue() is { } refused)
            return refused;
        return type.Nullable switch
        {
            ListType list => ListFromJson(json, list, isOperand),
            InputObjectType input => ObjectFromJson(json, input),
            EnumType @enum => EnumFromJson(json, @enum),
            ScalarType scalar => Guarded<JsonElement, object>(isOperand ? scalar.ParseOperand : scalar.ParseJson, json),
            _ => Refuse($"{type} is not an input type."),
        };
    }

    /// <summary>
    /// The value of an argument or input field in the form that its place needs, or <see cref="InputValueDefinition.Absent"/>: a variable without a
    /// value counts as not given.
    /// </summary>
    public object? ForPlace(InputValueDefinition place, ValueNode? literal)
    {
        if (literal is null || (literal is VariableNode variable && !variables.ContainsKey(variable.Name)))
            return Default(place);
        return Converted(place, FromLiteral(literal, place.Type, place.IsOperand));
    }

    private object? Default(InputValueDefinition place)
    {
        if (place.DefaultValue is { } literal)
            return Converted(place, FromLiteral(literal, place.Type));
        return place.Type.IsNonNull ? RefuseThis($"is required; its type is {place.Type}.") : InputValueDefinition.Absent;
    }

    private object? Converted(InputValueDefinition place, object? value) =>
        place.Convert is { } convert && value != Refused ? Guarded(convert, value) : value;

    private object? FromVariable(VariableNode variable, GraphQLType type)
    {
        object? value = variables.GetValueOrDefault(variable.Name);
        return value is null && type.IsNonNull ? RefuseNull(type) : value;
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-List.Input-Coercion"/>: a single value is a list of one.</summary>
    private object ListFromLiteral(ValueNode literal, ListType list, bool isOperand)
    {
        if (literal is not ListValueNode { Items: var items })
            return ListOf([FromLiteral(literal, list.Of, isOperand)]);
        var values = new object?[items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            path.Add(i);
            values[i] = FromLiteral(items[i], list.Of, isOperand);
            Leave();
        }
        return ListOf(values);
    }

    private object ListFromJson(JsonElement json, ListType list, bool isOperand)
    {
        if (json.ValueKind != JsonValueKind.Array)
            return ListOf([FromJson(json, list.Of, isOperand)]);
        var values = new object?[json.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            path.Add(i);
            values[i++] = FromJson(item, list.Of, isOperand);
            Leave();
        }
        return ListOf(values);
    }

    private static object ListOf(object?[] values) => HasRefused(values) ? Refused : values;

    private static bool HasRefused(object?[] values) => Array.Exists(values, value => value == Refused);

    private object ObjectFromLiteral(ValueNode literal, InputObjectType input)
    {
        if (literal is not ObjectValueNode node)
            return RefuseThis($"must be an object of type {input.Name}, not {Shown(literal.ToString())}.");
        var given = new ValueNode?[input.Fields.Count];
        bool isKnown = true;
        foreach (ObjectFieldNode field in node.Fields)
        {
            if (input.Fields.IndexOf(field.Name) is >= 0 and var index)
                given[index] = field.Value;
            else
                isKnown = RefuseField(input, field.Name);
        }

        var values = new object?[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            path.Add(input.Fields[i].Name);
            values[i] = input.IsOneOf && given[i] is VariableNode variable && variables.GetValueOrDefault(variable.Name) is null
                ? Refuse($"${variable.Name} is null; {input.Name} needs {ExactlyOneOf(input)}.")
                : ForPlace(input.Fields[i], given[i]);
            Leave();
        }
        return Create(input, values, isKnown);
    }

    private object ObjectFromJson(JsonElement json, InputObjectType input)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return RefuseThis($"must be an object of type {input.Name}, not {Shown(json.GetRawText())}.");
        var given = new JsonElement[input.Fields.Count];
        bool isKnown = true;
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (input.Fields.IndexOf(property.Name) is >= 0 and var index)
                given[index] = property.Value;
            else
                isKnown = RefuseField(input, property.Name);
        }

        var values = new object?[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            InputValueDefinition field = input.Fields[i];
            path.Add(field.Name);
            values[i] = given[i].ValueKind == JsonValueKind.Undefined
                ? Default(field)
                : Converted(field, FromJson(given[i], field.Type, field.IsOperand));
            Leave();
        }
        return Create(input, values, isKnown);
    }

    private object Create(InputObjectType input, object?[] values, bool isKnown)
    {
        if (input.IsOneOf && !HoldsOne(values))
            return RefuseThis($"needs {ExactlyOneOf(input)}.");
        if (!isKnown || HasRefused(values))
            return Refused;
        if (input.Create is { } create)
            return Guarded(create, values)!;

        var map = new Dictionary<string, object?>(values.Length, StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != InputValueDefinition.Absent)
                map.Add(input.Fields[i].Name, values[i]);
        }
        return map;
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects"/></summary>
    private static bool HoldsOne(object?[] values)
    {
        int givenCount = 0;
        foreach (object? value in values)
        {
            if (value is null)
                return false;
            givenCount += value == InputValueDefinition.Absent ? 0 : 1;
        }
        return givenCount == 1;
    }

    private string ExactlyOneOf(InputObjectType input) => mistakes is { CanSuggest: false } ? "exactly one field" : $"exactly one of {input.Alternatives}";

    private object EnumFromLiteral(ValueNode literal, EnumType type)
    {
        if (literal is EnumValueNode { Value: var name } && Find(type, name) is { } value)
            return value.Value;
        return literal is StringValueNode text && Find(type, text.Value) is not null
            ? RefuseThis($"must be a value of {type.Name}, not a string. Write {text.Value} without quotes.")
            : RefuseEnum(type, (literal as EnumValueNode)?.Value, literal.ToString());
    }

    private object EnumFromJson(JsonElement json, EnumType type)
    {
        string? name = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        return Find(type, name)?.Value ?? RefuseEnum(type, name, json.GetRawText());
    }

    private static EnumValue? Find(EnumType type, string? name)
    {
        foreach (EnumValue value in type.Values)
        {
            if (value.Name == name)
                return value;
        }
        return null;
    }

    private object RefuseEnum(EnumType type, string? name, string shown) =>
        Refuse($"{Shown(shown)} is not a value of {type.Name}.{(name is null ? "" : Suggest(name, type.Values.Select(value => value.Name)))}");

    /// <returns>False, since the object now has a mistake.</returns>
    private bool RefuseField(InputObjectType input, string name)
    {
        Refuse($"{input.Name} has no field \"{Shown(name)}\".{Suggest(name, input.Fields.Select(field => field.Name))}");
        return false;
    }

    private string Suggest(string wrong, IEnumerable<string> names) =>
        mistakes is { IsFull: false, CanSuggest: true } ? Suggestions.For(wrong, names) : "";

    /// <summary>An untyped scalar may contain variables anywhere inside; they are replaced by their values.</summary>
    private ValueNode WithoutVariables(ValueNode literal) => literal switch
    {
        VariableNode variable => Untyped.ToLiteral(variables.GetValueOrDefault(variable.Name)),
        ListValueNode list => new ListValueNode(list.Span, [.. list.Items.Select(WithoutVariables)]),
        ObjectValueNode map => new ObjectValueNode(map.Span, [.. map.Fields
            .Where(field => field.Value is not VariableNode variable || variables.ContainsKey(variable.Name))
            .Select(field => new ObjectFieldNode(field.Span, field.Name, WithoutVariables(field.Value)))]),
        _ => literal,
    };

    private object? Guarded<TIn, TOut>(Func<TIn, TOut> coerce, TIn value)
    {
        try
        {
            return coerce(value);
        }
        catch (CoercionException refusal)
        {
            return refusal.IsPredicate ? RefuseThis(refusal.Message) : Refuse(refusal.Message);
        }
    }

    private void Leave() => path.RemoveAt(path.Count - 1);

    /// <summary>Not null when the value is too deep, or when the maximum number of mistakes has been reported.</summary>
    private object? CannotContinue()
    {
        if (mistakes is { IsFull: true })
            return Refused;
        return path.Count > DepthMax ? RefuseThis($"is nested deeper than {DepthMax}.") : null;
    }

    private object RefuseNull(GraphQLType type) => RefuseThis($"must not be null; its type is {type}.");

    /// <param name="predicate">Continues a sentence that begins with the value's name.</param>
    private object RefuseThis(string predicate) => Refuse(predicate, separator: " ");

    private object Refuse(string reason, string separator = ": ")
    {
        if (mistakes is { IsFull: true })
            return Refused;
        var message = new StringBuilder("`").Append(root);
        foreach (object segment in path)
            _ = segment is int index ? message.Append(CultureInfo.InvariantCulture, $"[{index}]") : message.Append('.').Append(segment);
        message.Append('`').Append(separator).Append(reason);
        if (mistakes is null)
            throw new CoercionException(message.ToString());
        mistakes.Add(message.ToString());
        return Refused;
    }

    private static string Shown(string text) => text.Length <= 64 ? text : $"{text[..64]}…";
}
