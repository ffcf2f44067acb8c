using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// One coercion. It remembers where inside the value it stands, so that a refusal can name the place: <c>$input.where.price</c>.
/// <see href="https://spec.graphql.org/September2025/#sec-Values"/>
/// </summary>
internal sealed class ValueCoercer(string root, IReadOnlyDictionary<string, object?> variables)
{
    /// <summary>The parsers of documents and JSON have bounds of their own; this one holds whoever called.</summary>
    private const int DepthMax = 200;

    private readonly List<object> path = [];

    /// <param name="literal">May hold variables.</param>
    /// <param name="type">What it is to be.</param>
    /// <param name="isOperand">It is only compared with values of the type.</param>
    public object? FromLiteral(ValueNode literal, GraphQLType type, bool isOperand = false)
    {
        if (literal is VariableNode variable)
            return FromVariable(variable, type);
        if (literal is NullValueNode)
            return type.IsNonNull ? throw RefuseNull(type) : null;
        return type.Nullable switch
        {
            ListType list => ListFromLiteral(literal, list, isOperand),
            InputObjectType input => ObjectFromLiteral(literal, input),
            EnumType @enum => EnumByName((literal as EnumValueNode)?.Value, @enum, literal.ToString()),
            ScalarType scalar when isOperand => Guarded(scalar.ParseOperand, literal),
            ScalarType scalar => Guarded(scalar.ParseLiteral, scalar is AnyType ? WithoutVariables(literal) : literal),
            _ => throw Refuse($"{type} is no input type."),
        };
    }

    /// <inheritdoc cref="FromLiteral"/>
    public object? FromJson(JsonElement json, GraphQLType type, bool isOperand = false)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return type.IsNonNull ? throw RefuseNull(type) : null;
        return type.Nullable switch
        {
            ListType list => ListFromJson(json, list, isOperand),
            InputObjectType input => ObjectFromJson(json, input),
            EnumType @enum => EnumByName(json.ValueKind == JsonValueKind.String ? json.GetString() : null, @enum, json.GetRawText()),
            ScalarType scalar => Guarded<JsonElement, object>(isOperand ? scalar.ParseOperand : scalar.ParseJson, json),
            _ => throw Refuse($"{type} is no input type."),
        };
    }

    /// <summary>
    /// The value of an argument or input field in the form its place takes, or <see cref="InputValueDefinition.Absent"/>:
    /// a variable without a value counts as not given.
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
        return place.Type.IsNonNull ? throw Refuse($"a value of type {place.Type} is required.") : InputValueDefinition.Absent;
    }

    private object? Converted(InputValueDefinition place, object? value) => place.Convert is { } convert ? Guarded(convert, value) : value;

    private object? FromVariable(VariableNode variable, GraphQLType type)
    {
        object? value = variables.GetValueOrDefault(variable.Name);
        return value is null && type.IsNonNull ? throw RefuseNull(type) : value;
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-List.Input-Coercion"/>: a single value is a list of one.</summary>
    private object?[] ListFromLiteral(ValueNode literal, ListType list, bool isOperand)
    {
        if (literal is not ListValueNode { Items: var items })
            return [FromLiteral(literal, list.Of, isOperand)];
        var values = new object?[items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Enter(i);
            values[i] = FromLiteral(items[i], list.Of, isOperand);
            Leave();
        }
        return values;
    }

    private object?[] ListFromJson(JsonElement json, ListType list, bool isOperand)
    {
        if (json.ValueKind != JsonValueKind.Array)
            return [FromJson(json, list.Of, isOperand)];
        var values = new object?[json.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in json.EnumerateArray())
        {
            Enter(i);
            values[i++] = FromJson(item, list.Of, isOperand);
            Leave();
        }
        return values;
    }

    private object ObjectFromLiteral(ValueNode literal, InputObjectType input)
    {
        if (literal is not ObjectValueNode node)
            throw Refuse($"an object of type {input.Name} is expected, not {Shown(literal.ToString())}.");
        var given = new ValueNode?[input.Fields.Count];
        foreach (ObjectFieldNode field in node.Fields)
            given[IndexOf(input, field.Name)] = field.Value;

        var values = new object?[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            Enter(input.Fields[i].Name);
            if (input.IsOneOf && given[i] is VariableNode variable && variables.GetValueOrDefault(variable.Name) is null)
                throw Refuse($"{input.Name} needs exactly one of {Fields(input)}, and it must not be null; ${variable.Name} is null.");
            values[i] = ForPlace(input.Fields[i], given[i]);
            Leave();
        }
        return Create(input, values);
    }

    private object ObjectFromJson(JsonElement json, InputObjectType input)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Refuse($"an object of type {input.Name} is expected, not {Shown(json.GetRawText())}.");
        var given = new JsonElement[input.Fields.Count];
        foreach (JsonProperty property in json.EnumerateObject())
            given[IndexOf(input, property.Name)] = property.Value;

        var values = new object?[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            InputValueDefinition field = input.Fields[i];
            Enter(field.Name);
            values[i] = given[i].ValueKind == JsonValueKind.Undefined ? Default(field) : Converted(field, FromJson(given[i], field.Type, field.IsOperand));
            Leave();
        }
        return Create(input, values);
    }

    private object Create(InputObjectType input, object?[] values)
    {
        if (input.IsOneOf)
            CheckOneOf(input, values);
        if (input.Create is { } create)
            return Guarded(create, values);

        var map = new Dictionary<string, object?>(values.Length, StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != InputValueDefinition.Absent)
                map.Add(input.Fields[i].Name, values[i]);
        }
        return map;
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects"/></summary>
    private void CheckOneOf(InputObjectType input, object?[] values)
    {
        int givenCount = 0;
        foreach (object? value in values)
        {
            if (value == InputValueDefinition.Absent)
                continue;
            if (value is null)
                throw Refuse($"{input.Name} needs exactly one of {Fields(input)}, and it must not be null.");
            givenCount++;
        }
        if (givenCount != 1)
            throw Refuse($"{input.Name} needs exactly one of {Fields(input)}, not {givenCount}.");
    }

    private static string Fields(InputObjectType input) => string.Join(", ", input.Fields.Select(field => field.Name));

    private object EnumByName(string? name, EnumType type, string shown)
    {
        foreach (EnumValue value in type.Values)
        {
            if (value.Name == name)
                return value.Value;
        }
        throw Refuse($"{Shown(shown)} is no value of {type.Name}.");
    }

    private int IndexOf(InputObjectType input, string name)
    {
        int index = input.Fields.IndexOf(name);
        return index >= 0 ? index : throw Refuse($"{input.Name} has no field {Shown(name)}.");
    }

    /// <summary>An untyped scalar may hold variables anywhere inside; their values take their places.</summary>
    private ValueNode WithoutVariables(ValueNode literal) => literal switch
    {
        VariableNode variable => Untyped.ToLiteral(variables.GetValueOrDefault(variable.Name)),
        ListValueNode list => new ListValueNode(list.Span, [.. list.Items.Select(WithoutVariables)]),
        ObjectValueNode map => new ObjectValueNode(map.Span, [.. map.Fields
            .Where(field => field.Value is not VariableNode variable || variables.ContainsKey(variable.Name))
            .Select(field => new ObjectFieldNode(field.Span, field.Name, WithoutVariables(field.Value)))]),
        _ => literal,
    };

    private TOut Guarded<TIn, TOut>(Func<TIn, TOut> coerce, TIn value)
    {
        try
        {
            return coerce(value);
        }
        catch (CoercionException refusal)
        {
            throw Refuse(refusal.Message);
        }
    }

    private void Enter(object segment)
    {
        if (path.Count == DepthMax)
            throw Refuse($"the value is nested deeper than {DepthMax}.");
        path.Add(segment);
    }

    private void Leave() => path.RemoveAt(path.Count - 1);

    private CoercionException RefuseNull(GraphQLType type) => Refuse($"a value of type {type} is required, not null.");

    private CoercionException Refuse(string reason)
    {
        var message = new StringBuilder(root);
        foreach (object segment in path)
            _ = segment is int index ? message.Append(CultureInfo.InvariantCulture, $"[{index}]") : message.Append('.').Append(segment);
        return new CoercionException(message.Append(": ").Append(reason).ToString());
    }

    private static string Shown(string text) => text.Length <= 64 ? text : $"{text[..64]}…";
}
