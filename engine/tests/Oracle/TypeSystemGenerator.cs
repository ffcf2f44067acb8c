using System.Globalization;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Writes random type system documents. They parse, but need not be valid schemas.</summary>
internal sealed class TypeSystemGenerator(Random random)
{
    private int counter;

    public string Generate()
    {
        counter = 0;
        return string.Join(Chance(0.5) ? "\n\n" : " ", Enumerable.Range(0, random.Next(1, 5)).Select(_ => Definition()));
    }

    private bool Chance(double rate) => random.NextDouble() < rate;

    private string Pick(params string[] items) => items[random.Next(items.Length)];

    private string Name() => Pick("Farm", "node", "type", "input", "on", "query", "_x", "A1") + (counter++).ToString(CultureInfo.InvariantCulture);

    private string Definition()
    {
        bool isExtension = Chance(0.25);
        string head = isExtension ? "extend " : Description();
        string directives = isExtension ? " @extended" : Directives();
        return head + random.Next(isExtension ? 7 : 8) switch
        {
            0 => $"schema{directives} {{ query: {Name()} mutation: {Name()} }}",
            1 => $"scalar {Name()}{directives}",
            2 => $"type {Name()}{Interfaces()}{directives}{Block(Field)}",
            3 => $"interface {Name()}{Interfaces()}{directives}{Block(Field)}",
            4 => $"union {Name()}{directives}{(Chance(0.8) ? $" = {Pick("", "| ")}{Name()} | {Name()}" : "")}",
            5 => $"enum {Name()}{directives}{Block(() => $"{Description()}{Name()}{Directives()}")}",
            6 => $"input {Name()}{directives}{Block(Input)}",
            _ => $"directive @{Name()}{Arguments()}{Pick("", " repeatable")} on {Pick("", "| ")}FIELD | {Pick("QUERY", "ENUM_VALUE", "ARGUMENT_DEFINITION")}",
        };
    }

    private string Block(Func<string> member) =>
        Chance(0.15) ? "" : $" {{ {string.Join("\n", Enumerable.Range(0, random.Next(1, 4)).Select(_ => member()))} }}";

    private string Interfaces() => Chance(0.3) ? $" implements {Pick("", "& ")}{Name()} & {Name()}" : "";

    private string Field() => $"{Description()}{Name()}{Arguments()}: {Type()}{Directives()}";

    private string Input() => $"{Description()}{Name()}: {Type()}{(Chance(0.4) ? $" = {Value(0)}" : "")}{Directives()}";

    private string Arguments() => Chance(0.4) ? $"({string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Input()))})" : "";

    private string Directives() => Chance(0.15) ? $" @{Name()}{(Chance(0.5) ? $"(a: {Value(0)})" : "")}" : "";

    private string Type() => random.Next(5) switch
    {
        0 => $"[{Type()}]{Pick("", "!")}",
        1 => "Int!",
        _ => Name(),
    };

    private string Value(int depth) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => "1",
        1 => "-0.5e3",
        2 => "\"text \\u{e9}\"",
        3 => "\"\"\"a\n  b\"\"\"",
        4 => Pick("true", "null", "RED"),
        5 => $"[{string.Join(" ", Enumerable.Range(0, random.Next(6)).Select(_ => Value(depth + 1)))}]",
        6 => $"{{ {string.Join(" ", Enumerable.Range(0, random.Next(5)).Select(index => $"field{index}: {Value(depth + 1)}"))} }}",
        _ => "\"a rather long text, of which two do not fit on one line\"",
    };

    private string Description() => random.Next(8) switch
    {
        0 => "\"One line.\" ",
        1 => "\"\"\"\nFirst line.\n\n  Indented \\\"\"\" line.\n\"\"\"\n",
        2 => "\"ends with a quote \\\"\" ",
        3 => "\"  starts with spaces\" ",
        _ => "",
    };
}
