using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Tests.Language;

public sealed class LiteralTests
{
    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t")]
    [InlineData("\"\\u00e9\\u00E9\"", "éé")]
    [InlineData("\"\\uD83D\\uDE00\"", "😀")]
    [InlineData("\"\\u{1F600}\\u{41}\\u{10FFFF}\"", "😀A\U0010FFFF")]
    [InlineData("\"\\u0000\"", "\0")]
    [InlineData("\"raw \0 \u0007 \t \u00A0 \u2028\"", "raw \0 \u0007 \t \u00A0 \u2028")]
    [InlineData("\"# no comment, no { brace\"", "# no comment, no { brace")]
    public void A_string_has_the_value_that_its_escapes_say(string literal, string expected) =>
        Assert.Equal(expected, Assert.IsType<StringValueNode>(Parser.ParseValue(literal)).Value);

    [Theory]
    [InlineData("\"\"\"\"\"\"", "")]
    [InlineData("\"\"\"a\"\"\"", "a")]
    [InlineData("\"\"\"  a  \"\"\"", "  a  ")]
    [InlineData("\"\"\"\n  a\n    b\n\n  c\n\"\"\"", "a\n  b\n\nc")]
    [InlineData("\"\"\"first\n  a\n   b\"\"\"", "first\na\n b")]
    [InlineData("\"\"\"\n\n \t\n  a\n \n\n\"\"\"", "a")]
    [InlineData("\"\"\"\r\n  a\r  b\n  c\"\"\"", "a\nb\nc")]
    [InlineData("\"\"\"\n\ta\n\tb\"\"\"", "a\nb")]
    [InlineData("\"\"\" \n \"\"\"", "")]
    [InlineData("\"\"\"a \\\"\"\" b\"\"\"", "a \"\"\" b")]
    [InlineData("\"\"\"a \" \"\" \\n \\u0041 \\\\ \"\"\"", "a \" \"\" \\n \\u0041 \\\\ ")]
    [InlineData("\"\"\"\n  a\u2028  b\n\"\"\"", "a\u2028  b")]
    public void A_block_string_loses_common_indent_and_blank_outer_lines(string literal, string expected)
    {
        StringValueNode value = Assert.IsType<StringValueNode>(Parser.ParseValue(literal));

        Assert.True(value.IsBlock);
        Assert.Equal(expected, value.Value);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("1234567890123456789012345678901234567890")]
    public void An_integer_keeps_its_digits(string literal) => Assert.Equal(literal, Assert.IsType<IntValueNode>(Parser.ParseValue(literal)).Value);

    [Theory]
    [InlineData("0.0")]
    [InlineData("-1.50")]
    [InlineData("1e10")]
    [InlineData("1E-10")]
    [InlineData("-0.1e+00")]
    public void A_float_keeps_its_digits(string literal) => Assert.Equal(literal, Assert.IsType<FloatValueNode>(Parser.ParseValue(literal)).Value);

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_in_strings_and_comments()
    {
        string[] texts = ["\"\uD83D\"", "\"\uDE00\uD83D\"", "\"\"\"\uD83D\"\"\"", "1 # \uD83D"]; // Not UTF-8, so they cannot be attribute data.

        Assert.All(
            texts,
            text => Assert.Contains("surrogate", Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseValue(text)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", typeof(BooleanValueNode))]
    [InlineData("null", typeof(NullValueNode))]
    [InlineData("True", typeof(EnumValueNode))]
    [InlineData("on", typeof(EnumValueNode))]
    [InlineData("$a", typeof(VariableNode))]
    [InlineData("[1, [], {a: 1}]", typeof(ListValueNode))]
    [InlineData("{a: $b}", typeof(ObjectValueNode))]
    public void Each_kind_of_value_is_recognised(string text, Type kind) => Assert.IsType(kind, Parser.ParseValue(text));

    [Fact]
    public void A_constant_contains_no_variable() => Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseValue("[{a: $b}]", isConstant: true));

    [Theory]
    [InlineData("1 2")]
    [InlineData("")]
    public void A_value_is_one_value(string text) => Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseValue(text));

    [Theory]
    [InlineData("Int")]
    [InlineData("[[Int!]!]!")]
    public void A_type_reference_prints_as_written(string type) => Assert.Equal(type, Parser.ParseType(type).ToString());

    [Theory]
    [InlineData("Int!!")]
    [InlineData("[Int")]
    [InlineData("[]")]
    public void A_malformed_type_reference_is_refused(string type) => Assert.Throws<GraphQLSyntaxException>(() => Parser.ParseType(type));

    [Theory]
    [InlineData("plain")]
    [InlineData("ends with a quote \"")]
    [InlineData("ends with a backslash \\")]
    [InlineData("holds \"\"\" quotes")]
    [InlineData("\"\"\"")]
    [InlineData("two\nlines\n  one indented")]
    [InlineData("first\n  indented")]
    [InlineData("a line that is longer than seventy characters, so that it goes on a line of its own")]
    [InlineData("  starts with spaces")]
    public void A_printed_block_string_has_the_same_value(string value)
    {
        string printed = Printer.Print(new StringValueNode(default, value, isBlock: true));

        Assert.Equal(value, Assert.IsType<StringValueNode>(Parser.ParseValue(printed)).Value);
    }

    [Theory]
    [InlineData("\n  all lines\n  indented")]
    [InlineData("trailing line\n")]
    [InlineData("bell \u0007")]
    public void A_description_that_no_block_string_can_hold_prints_in_quotes(string description)
    {
        var scalar = new ScalarTypeDefinitionNode(default, description, isExtension: false, "S", []);

        var parsed = (ScalarTypeDefinitionNode)Parser.ParseDocument(Printer.Print(scalar)).Definitions[0];

        Assert.Equal(description, parsed.Description);
    }
}
