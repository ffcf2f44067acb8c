using System.Text;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Billing;

namespace Mycelium.GraphQL.Tests.Billing;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r=x", "\"'\r=x\"")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("a=b", "a=b")]
    public void Text_is_quoted_where_needed_and_never_a_formula(string? text, string cell) =>
        Assert.Equal($"x,{cell}\r\n", Written(csv => csv.Text("x").Text(text).EndLine()));

    [Fact]
    public void Numbers_stay_numbers_in_every_culture() =>
        Assert.Equal("-5,-0.000001,\r\n7\r\n", Written(csv => csv.Number(-5L).Number(MicroUsd.From(-1)).Text("").EndLine().Number(7).EndLine()));

    private static string Written(Action<CsvText> write)
    {
        var csv = new CsvText();
        write(csv);
        return Encoding.UTF8.GetString(csv.Take());
    }
}
