using System.Collections;
using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>The tables of the specification's sections on input coercion, as literals and as JSON, and related cases.</summary>
public sealed class Coercion_tables
{
    private static readonly Schema Schema = SchemaBuilder.FromSdl("""
        type Query { f(i: Int, d: Int = 7, r: Int!, o: Example, list: [Int], x: Float, id: ID): Int }
        input Example { a: String b: Int! }
        input WithDefaults { a: Int = 1 b: Int! = 2 c: [Int] = [3] }
        input Where { and: [Where!] price: Price }
        input Price { gt: Decimal in: [Int!] }
        input Pick @oneOf { a: String b: Int }
        enum Colour { RED GREEN }
        scalar Long scalar Decimal scalar DateTime scalar UUID scalar Duration scalar URL scalar Any
        """).Build();

    [Theory]
    [InlineData("[Int]", "[1, 2, 3]", "[1, 2, 3]")]
    [InlineData("[Int]", "[1, null]", "[1, null]")]
    [InlineData("[Int]", "1", "[1]")]
    [InlineData("[Int]", "null", "null")]
    [InlineData("[Int]", "[1, \"b\", true]", "!`value[1]`")]
    [InlineData("[Int!]", "[1, null]", "!`value[1]`")]
    [InlineData("[Int]!", "null", "!`value` must not be null; its type is [Int]!.")]
    [InlineData("[[Int]]", "[[1], [2, 3]]", "[[1], [2, 3]]")]
    [InlineData("[[Int]]", "[1, 2, 3]", "[[1], [2], [3]]")]
    [InlineData("[[Int]]", "[1, null, 3]", "[[1], null, [3]]")]
    [InlineData("[[Int]]", "1", "[[1]]")]
    [InlineData("[[Int]]", "null", "null")]
    public void Lists(string type, string value, string expected) => CheckBoth(type, value, value, expected);

    [Theory]
    [InlineData("{ a: \"abc\", b: 123 }", "{ a: abc, b: 123 }")]
    [InlineData("{ a: null, b: 123 }", "{ a: null, b: 123 }")]
    [InlineData("{ b: 123 }", "{ b: 123 }")]
    [InlineData("{ a: \"abc\" }", "!`value.b` is required; its type is Int!.")]
    [InlineData("{ a: \"abc\", b: null }", "!`value.b` must not be null; its type is Int!.")]
    [InlineData("{ b: \"123\" }", "!`value.b`: Int takes")]
    [InlineData("{ b: 123, c: \"xyz\" }", "!`value`: Example has no field \"c\".")]
    [InlineData("\"abc123\"", "!`value` must be an object of type Example, not ")]
    [InlineData("[]", "!`value` must be an object of type Example, not ")]
    public void Input_objects(string value, string expected) => CheckBoth("Example", value, Json(value), expected);

    [Theory]
    [InlineData("{}", "{ a: 1, b: 2, c: [3] }")]
    [InlineData("{ a: null }", "{ a: null, b: 2, c: [3] }")]
    [InlineData("{ b: null }", "!`value.b` must not be null; its type is Int!.")]
    public void Defaults_replace_absent_values_and_not_null(string value, string expected) => CheckBoth("WithDefaults", value, Json(value), expected);

    [Theory]
    [InlineData("{ a: \"abc\" }", "{ a: abc }")]
    [InlineData("{ a: \"abc\", b: 123 }", "!`value` needs exactly one of `a` and `b`.")]
    [InlineData("{ a: \"abc\", b: null }", "!`value` needs exactly one of `a` and `b`.")]
    [InlineData("{ a: null }", "!`value` needs exactly one of `a` and `b`.")]
    [InlineData("{}", "!`value` needs exactly one of `a` and `b`.")]
    public void One_of_several(string value, string expected) => CheckBoth("Pick", value, Json(value), expected);

    [Theory]
    [InlineData("{ a: $a }", """{"a":"abc"}""", "{ a: abc }")]
    [InlineData("{ a: $a }", """{"a":null}""", "!`value.a`: $a is null; Pick needs exactly one of `a` and `b`.")]
    [InlineData("{ a: $a }", "{}", "!`value.a`: $a is null")]
    [InlineData("{ a: \"abc\", b: $b }", """{"b":1}""", "!`value` needs exactly one")]
    [InlineData("{ a: \"abc\", b: $b }", "{}", "!`value.b`: $b is null")]
    [InlineData("{ b: $b }", """{"b":123}""", "{ b: 123 }")]
    public void One_of_several_by_variable(string literal, string variables, string expected) => Assert.StartsWith(
        expected,
        Outcome(() => ValueCoercion.FromLiteral(Parser.ParseValue(literal), Schema.FindType("Pick")!, Variables("$a: String, $b: Int", variables))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{ b: $b }", """{"b":1}""", "{ b: 1 }")]
    [InlineData("{ b: $b }", "{}", "!`value.b` is required; its type is Int!.")]
    [InlineData("{ a: $a, b: 1 }", "{}", "{ b: 1 }")]
    [InlineData("{ a: $a, b: 1 }", """{"a":null}""", "{ a: null, b: 1 }")]
    public void A_variable_without_a_value_counts_as_absent(string literal, string variables, string expected) => Assert.StartsWith(
        expected,
        Outcome(() => ValueCoercion.FromLiteral(Parser.ParseValue(literal), Schema.FindType("Example")!, Variables("$a: String, $b: Int", variables))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Int", "1", "1", "1")]
    [InlineData("Int", "2147483647", "2147483647", "2147483647")]
    [InlineData("Int", "2147483648", "2147483648", "!")]
    [InlineData("Int", "-2147483649", "-2147483649", "!")]
    [InlineData("Int", "1.0", "1.5", "!")]
    [InlineData("Int", "\"1\"", "\"1\"", "!")]
    [InlineData("Int", "true", "true", "!")]
    [InlineData("Float", "1", "1", "1")]
    [InlineData("Float", "1.5e3", "1.5e3", "1500")]
    [InlineData("Float", "1e999", "1e999", "!")]
    [InlineData("Float", "\"1\"", "\"1\"", "!")]
    [InlineData("String", "\"a\"", "\"a\"", "a")]
    [InlineData("String", "1", "1", "!")]
    [InlineData("Boolean", "true", "true", "True")]
    [InlineData("Boolean", "1", "1", "!")]
    [InlineData("Boolean", "\"true\"", "\"true\"", "!")]
    [InlineData("ID", "\"a\"", "\"a\"", "a")]
    [InlineData("ID", "12345678901234567890", "12345678901234567890", "12345678901234567890")]
    [InlineData("ID", "1.5", "1.5", "!")]
    [InlineData("Colour", "RED", "\"RED\"", "RED")]
    [InlineData("Colour", "BLUE", "\"BLUE\"", "!`value`: ")]
    [InlineData("Colour", "\"RED\"", "0", "!")]
    [InlineData("Long", "9223372036854775807", "9223372036854775807", "9223372036854775807")]
    [InlineData("Long", "9223372036854775808", "9223372036854775808", "!")]
    [InlineData("Decimal", "\"0.015000\"", "\"0.015000\"", "0.015000")]
    [InlineData("Decimal", "1.25", "1.25", "1.25")]
    [InlineData("Decimal", "\"1,25\"", "\"1,25\"", "!")]
    [InlineData("Decimal", "\"0.12345678901234567890123456789\"", "\"12345678901234567890123456789\"", "!")]
    [InlineData("UUID", "\"018f4c1e-7a52-7c3e-9f0a-5b8f0c2d1e6a\"", "\"018f4c1e-7a52-7c3e-9f0a-5b8f0c2d1e6a\"", "018f4c1e-7a52-7c3e-9f0a-5b8f0c2d1e6a")]
    [InlineData("UUID", "\"018f4c1e\"", "\"018f4c1e7a527c3e9f0a5b8f0c2d1e6a\"", "!")]
    [InlineData("DateTime", "\"2026-01-31T12:00:00+01:00\"", "\"2026-01-31T12:00:00+01:00\"", "01/31/2026 12:00:00 +01:00")]
    [InlineData("DateTime", "\"2026-01-31T12:00:00\"", "\"2026-01-31\"", "!")]
    [InlineData("DateTime", "\"2026-02-30T12:00:00Z\"", "\"2026-01-31T25:00:00Z\"", "!")]
    [InlineData("Duration", "\"P1DT12H\"", "\"P1DT12H\"", "1.12:00:00")]
    [InlineData("Duration", "\"P1M\"", "\"P1Y\"", "!")]
    [InlineData("Duration", "\"P\"", "\"PT\"", "!")]
    [InlineData("URL", "\"https://example.com/\"", "\"https://example.com/\"", "https://example.com/")]
    [InlineData("URL", "\"/path\"", "\"example\"", "!")]
    public void Leaves(string type, string literal, string json, string expected) => CheckBoth(type, literal, json, expected);

    [Fact]
    public void A_whole_number_in_JSON_may_be_written_with_a_point()
    {
        Assert.Equal(1, ValueCoercion.FromJson(JsonDocument.Parse("1.0").RootElement, Schema.FindType("Int")!));
    }

    [Fact]
    public void Variables_inside_an_untyped_value_are_replaced()
    {
        object? value = ValueCoercion.FromLiteral(
            Parser.ParseValue("{ a: [$b, 2], c: $missing }"), Schema.FindType("Any")!, Variables("$b: Int", """{"b":1}"""));

        Assert.Equal("{ a: [1, 2] }", Shown(value));
    }

    [Theory]
    [InlineData("$input: Where", """{"input":{"and":[{},{"price":{"gt":"x"}}]}}""", "`$input.and[1].price.gt`: Decimal takes")]
    [InlineData("$input: Where", """{"input":{"price":{"in":[1,null]}}}""", "`$input.price.in[1]` must not be null; its type is Int!.")]
    [InlineData("$input: Where", """{"input":{"prize":1}}""", "`$input`: Where has no field \"prize\". Did you mean \"price\"?")]
    [InlineData("$a: Colour", """{"a":"REDD"}""", "`$a`: \"REDD\" is not a value of Colour. Did you mean \"RED\"?")]
    [InlineData("$a: Colour", """{"a":7}""", "`$a`: 7 is not a value of Colour.")]
    [InlineData("$a: Pick", """{"a":{}}""", "`$a` needs exactly one of `a` and `b`.")]
    [InlineData("$a: Int!", "{}", "`$a` is required; its type is Int!.")]
    [InlineData("$a: Int!", """{"a":null}""", "`$a` must not be null; its type is Int!.")]
    [InlineData("$a: Query", "{}", "`$a`: Query is not an input type of this schema.")]
    [InlineData("$a: Int", "[1]", "`variables` must be an object.")]
    public void A_refused_variable_names_its_place(string definitions, string variables, string message)
    {
        bool isCoerced = ValueCoercion.TryCoerceVariables(
            Schema, Definitions(definitions), JsonDocument.Parse(variables).RootElement, out _, out IReadOnlyList<GraphQLError> errors);

        Assert.False(isCoerced);
        Assert.StartsWith(message, Assert.Single(errors).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.BadUserInput, errors[0].Code);
    }

    [Fact]
    public void All_mistakes_in_all_variables_are_reported()
    {
        IReadOnlyList<GraphQLError> errors = Mistakes(
            "$a: Int!, $w: Where, $p: Pick, $list: [Int!]",
            """{"w":{"prize":1,"and":[{"price":{"gt":"x","lt":1}},7]},"p":{"a":1,"b":2},"list":[1,null,"x"]}""");

        Assert.Equal(
            [
                "`$a` is required; its type is Int!.",
                "`$w`: Where has no field \"prize\". Did you mean \"price\"?",
                "`$w.and[0].price`: Price has no field \"lt\". Did you mean \"gt\"?",
                "`$w.and[0].price.gt`: Decimal takes a decimal number of at most 28 digits, as a string or a number, not \"x\".",
                "`$w.and[1]` must be an object of type Where, not 7.",
                "`$p.a`: String takes a string, not 1.",
                "`$p` needs exactly one of `a` and `b`.",
                "`$list[1]` must not be null; its type is Int!.",
                "`$list[2]`: Int takes a whole number from -2147483648 to 2147483647, not \"x\".",
            ],
            errors.Select(error => error.Message));
        Assert.All(errors, error => Assert.Equal(ErrorCodes.BadUserInput, error.Code));
        Assert.Equal([7, 17, 17, 17, 17, 28, 28, 38, 38], errors.Select(error => Assert.Single(error.Locations).Column));
    }

    [Fact]
    public void At_most_twenty_mistakes_are_reported()
    {
        string items = string.Join(',', Enumerable.Repeat("\"x\"", 100_000));

        IReadOnlyList<GraphQLError> errors = Mistakes("$a: [Int], $b: Int!", $$"""{"a":[{{items}}]}""");

        Assert.Equal(20, errors.Count);
        Assert.StartsWith("`$a[19]`: ", errors[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$input: Where", """{"input":{"prize":1}}""", "`$input`: Where has no field \"prize\".")]
    [InlineData("$a: Colour", """{"a":"REDD"}""", "`$a`: \"REDD\" is not a value of Colour.")]
    [InlineData("$a: Pick", """{"a":{}}""", "`$a` needs exactly one field.")]
    public void Without_suggestions_a_mistake_shows_no_name_that_the_client_did_not_write(string definitions, string variables, string message) =>
        Assert.Equal(message, Assert.Single(Mistakes(definitions, variables, hasSuggestions: false)).Message);

    [Theory]
    [InlineData("\"RED\"", "`value` must be a value of Colour, not a string. Write RED without quotes.")]
    [InlineData("\"red\"", "`value`: \"red\" is not a value of Colour.")]
    public void A_string_is_not_an_enum_value(string literal, string message)
    {
        CoercionException refusal = Assert.Throws<CoercionException>(() => ValueCoercion.FromLiteral(Parser.ParseValue(literal), Schema.FindType("Colour")!));

        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Variables_keep_absent_and_null_apart_and_ignore_what_is_not_declared()
    {
        IReadOnlyDictionary<string, object?> values = Variables("$a: Int, $b: Int, $c: Int = 3, $d: Int = 4", """{"b":null,"d":null,"other":1}""");

        Assert.Equal("{ b: null, c: 3, d: null }", Shown(values));
    }

    [Theory]
    [InlineData("r: 1", "{}", "{ d: 7, r: 1 }")]
    [InlineData("r: 1, i: null, d: null", "{}", "{ i: null, d: null, r: 1 }")]
    [InlineData("r: $a, d: $b, i: $b", """{"a":1}""", "{ d: 7, r: 1 }")]
    [InlineData("r: $a, list: $a", """{"a":1}""", "{ d: 7, r: 1, list: 1 }")]
    [InlineData("", "{}", "!`r` is required; its type is Int!.")]
    [InlineData("r: $b", "{}", "!`r` is required; its type is Int!.")]
    [InlineData("r: $b", """{"b":null}""", "!`r` must not be null; its type is Int!.")]
    [InlineData("r: 1, o: { b: $b }", "{}", "!`o.b` is required; its type is Int!.")]
    public void Arguments(string arguments, string variables, string expected)
    {
        var field = (FieldNode)((OperationDefinitionNode)Parser.ParseDocument($"{{ f{(arguments.Length > 0 ? $"({arguments})" : "")} }}").Definitions[0])
            .SelectionSet.Selections[0];

        string outcome = Outcome(() => ValueCoercion.CoerceArguments(
            Schema.QueryType.Fields.Find("f")!.Arguments, field.Arguments, Variables("$a: Int, $b: Int", variables)));

        Assert.Equal(expected, outcome);
    }

    [Fact]
    public void An_endlessly_nested_value_is_refused()
    {
        var where = (InputObjectType)Schema.FindType("Where")!;
        ValueNode literal = new ObjectValueNode(default, []);
        for (int i = 0; i < 500; i++)
            literal = new ObjectValueNode(default, [new ObjectFieldNode(default, "and", literal)]);

        Assert.Contains("nested deeper than 200", Outcome(() => ValueCoercion.FromLiteral(literal, where)), StringComparison.Ordinal);
    }

    private static void CheckBoth(string type, string literal, string json, string expected)
    {
        GraphQLType of = Schema.FindType(Parser.ParseType(type))!;

        string fromLiteral = Outcome(() => ValueCoercion.FromLiteral(Parser.ParseValue(literal), of));
        string fromJson = Outcome(() => ValueCoercion.FromJson(JsonDocument.Parse(json).RootElement, of));

        if (expected.StartsWith('!'))
        {
            Assert.StartsWith(expected, fromLiteral, StringComparison.Ordinal);
            Assert.StartsWith(expected, fromJson, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, fromLiteral);
            Assert.Equal(expected, fromJson);
        }
    }

    private static string Outcome(Func<object?> coerce)
    {
        try
        {
            return Shown(coerce());
        }
        catch (Exception refusal) when (refusal is CoercionException or GraphQLException)
        {
            return $"!{refusal.Message}";
        }
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        string text => text,
        IReadOnlyDictionary<string, object?> map => $"{{ {string.Join(", ", map.Select(entry => $"{entry.Key}: {Shown(entry.Value)}"))} }}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Shown))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IReadOnlyDictionary<string, object?> Variables(string definitions, string json)
    {
        bool isCoerced = ValueCoercion.TryCoerceVariables(
            Schema, Definitions(definitions), JsonDocument.Parse(json).RootElement, out IReadOnlyDictionary<string, object?> values,
            out IReadOnlyList<GraphQLError> errors);
        Assert.True(isCoerced, string.Join(' ', errors.Select(error => error.Message)));
        return values;
    }

    private static IReadOnlyList<GraphQLError> Mistakes(string definitions, string json, bool hasSuggestions = true)
    {
        bool isCoerced = ValueCoercion.TryCoerceVariables(
            Schema, Definitions(definitions), JsonDocument.Parse(json).RootElement, new HashSet<string>(), () => hasSuggestions, out _,
            out IReadOnlyList<GraphQLError> errors);
        Assert.False(isCoerced);
        return errors;
    }

    private static IReadOnlyList<VariableDefinitionNode> Definitions(string definitions) =>
        ((OperationDefinitionNode)Parser.ParseDocument($"query({definitions}) {{ f }}").Definitions[0]).VariableDefinitions;

    /// <summary>The literals of these tables only differ from JSON in the names of fields.</summary>
    private static string Json(string literal) => System.Text.RegularExpressions.Regex.Replace(literal, @"(\w+):", "\"$1\":");
}
