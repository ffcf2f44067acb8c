using System.Globalization;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <param name="Type">As in its definition.</param>
internal sealed record GeneratedVariable(string Name, string Type, string? Default);

/// <summary>Writes random literals of input types, and creates variables for their places.</summary>
internal sealed class ValueGenerator(Random random, Func<Fault, bool> inject)
{
    private const int DepthMax = 3;

    public bool MayUseVariables { get; init; }

    public List<GeneratedVariable> Variables { get; } = [];

    public string ForPlace(InputValueDefinition place) => Value(place.Type, place.DefaultValue is not null, isConstant: false, 0);

    private bool Chance(double rate) => random.NextDouble() < rate;

    private string Pick(params string[] items) => items[random.Next(items.Length)];

    private string Value(GraphQLType type, bool hasDefault, bool isConstant, int depth)
    {
        if (!isConstant && inject(Fault.UndefinedVariable))
            return "$undefined";
        if (!isConstant && MayUseVariables && Chance(0.2))
            return Variable(type, hasDefault);
        if (inject(Fault.WrongValue))
            return Pick(
                "2147483648", "1.5", "\"text\"", "NOWHERE", "{ a: 1 }", "[1, \"two\"]", "null", "true", "-1e400", "98765432109876543210", "[[null]]",
                "\"SILVER\"");
        if (!type.IsNonNull && Chance(0.08))
            return "null";
        return type.Nullable switch
        {
            ListType list => List(list, isConstant, depth),
            EnumType values => values.Values[random.Next(values.Values.Count)].Name,
            InputObjectType input => Object(input, isConstant, depth),
            var scalar => Scalar(scalar.Named.Name, isConstant, depth),
        };
    }

    private string List(ListType list, bool isConstant, int depth)
    {
        if (Chance(0.15) && list.Of.Nullable is not ListType)
            return Value(list.Of.IsNonNull ? list.Of : new NonNullType(list.Of), hasDefault: false, isConstant: true, depth);
        int count = depth > DepthMax ? 0 : random.Next(4);
        return $"[{string.Join(", ", Enumerable.Range(0, count).Select(_ => Value(list.Of, false, isConstant, depth + 1)))}]";
    }

    private string Object(InputObjectType type, bool isConstant, int depth)
    {
        var given = new List<string>();
        if (type.IsOneOf)
            given.AddRange(OneOf(type, isConstant, depth));
        else
        {
            foreach (InputValueDefinition field in type.Fields)
            {
                if (field.IsRequired ? !inject(Fault.MissingInputField) : depth < DepthMax && Chance(0.3))
                    given.Add($"{field.Name}: {Value(field.Type, field.DefaultValue is not null, isConstant, depth + 1)}");
            }
        }
        if (inject(Fault.UnknownInputField))
            given.Add("nowhere: { a: [1] }");
        if (given.Count > 0 && inject(Fault.DuplicateInputField))
            given.Add(given[0]);
        return $"{{{string.Join(" ", given)}}}";
    }

    private IEnumerable<string> OneOf(InputObjectType type, bool isConstant, int depth)
    {
        if (inject(Fault.BrokenOneOf))
            return [.. Pick("", "id: 1 name: \"two\"", "name: null", "id: 1 id: 2").Split('|', StringSplitOptions.RemoveEmptyEntries)];
        InputValueDefinition field = type.Fields[random.Next(type.Fields.Count)];
        if (!isConstant && MayUseVariables && inject(Fault.NullableOneOfVariable))
            return [$"{field.Name}: {NewVariable(field.Type.ToString()!, null)}"];
        return [$"{field.Name}: {Value(new NonNullType(field.Type), false, isConstant, depth + 1)}"];
    }

    private string Scalar(string name, bool isConstant, int depth) => name switch
    {
        "Int" => Pick("0", "-0", "1", "42", "2147483647", "-2147483648"),
        "Float" => Pick("0", "1", "-1.5", "6.02e23", "1E-7", "123456789012345678901234567890", "-0.0"),
        "Boolean" => Pick("true", "false"),
        "ID" => Pick("\"abc\"", "12", "-7", "\"\"", "98765432109876543210"),
        "String" => Text(),
        _ => Anything(isConstant, depth),
    };

    private string Text() => Pick(
        "\"\"", "\"plain\"", "\"with \\\"quotes\\\" and \\\\ and \\n\"", "\"\\u00e9\\uD83D\\uDE00\\u{1F600}\"", "\"é😀\u0085 raw\"",
        "\"\\u0000\\u0007\\u007F\"",
        "\"\"\"block\"\"\"", "\"\"\"\n    indented\n      more\n\n    less\n  \"\"\"", "\"\"\"ends with a quote \\\"\"\"\"\"\"",
        "\"\"\"\\\"\"\" inside\"\"\"", "\"\"\"  \n \n\"\"\"",
        "\"\"\"back\\slash \\\n\"\"\"", "\"\"\" leading\r\n\ttab\r  last \"\"\"",
        "\"a line that is longer than seventy characters, so that a block string would go on lines of its own\"",
        "\"\"\"a line that is longer than seventy characters, so that this block string goes on lines of its own\"\"\"");

    private string Anything(bool isConstant, int depth) => (depth > DepthMax ? 0 : random.Next(6)) switch
    {
        0 => Pick("1", "2.5", "\"text\"", "true", "ANY"),
        1 => $"[{Anything(isConstant, depth + 1)}, {Anything(isConstant, depth + 1)}]",
        2 => $"{{ a: {Anything(isConstant, depth + 1)} b: {{}} }}",
        3 => "[]",
        _ => Pick("{}", "[null]", "-1"),
    };

    private string Variable(GraphQLType type, bool hasDefault)
    {
        if (inject(Fault.WrongVariableType))
            return NewVariable(Pick("Int", "String!", "[String]", "FarmFilter", "Certification", "Boolean", "ID", "[[Int]]"), null);
        string wanted = type.ToString()!;
        GeneratedVariable? known = Variables.Find(variable => variable.Type == wanted);
        if (known is not null && Chance(0.4))
            return "$" + known.Name;
        if (!type.IsNonNull)
            return Chance(0.3) ? NewVariable(wanted + "!", null) : NewVariable(wanted, Chance(0.3) ? Constant(type) : null);
        return hasDefault && Chance(0.4) ? NewVariable(wanted[..^1], null)
            : Chance(0.3) ? NewVariable(wanted[..^1], Constant(type))
            : NewVariable(wanted, Chance(0.2) ? Constant(type) : null);
    }

    private string Constant(GraphQLType type) => Value(type, hasDefault: false, isConstant: true, depth: 1);

    private string NewVariable(string type, string? defaultValue)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"v{Variables.Count}");
        Variables.Add(new GeneratedVariable(name, type, defaultValue));
        return "$" + name;
    }
}
