using System.Text;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

public sealed class JsonCutTests
{
    private static readonly JsonCut.FieldNames names = new("nodeId", "city");

    [Theory]
    [InlineData("[]", "")]
    [InlineData(" [ 1 , 2 ]\n", "1|2")]
    [InlineData("[{\"a\":[1,2]},null,\"x,]\\\"y\"]", "{\"a\":[1,2]}|null|\"x,]\\\"y\"")]
    [InlineData("[NaN,{oops},[[]]]", "NaN|{oops}|[[]]")]
    [InlineData("[1,,2]", "1||2")]
    [InlineData("[1,]", "1|")]
    [InlineData("[\"\\\\\",2]", "\"\\\\\"|2")]
    public void A_list_is_cut_into_its_members(string text, string members) =>
        Assert.Equal(members, string.Join('|', JsonCut.List(Bytes(text), max: 10)!.Select(Text)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1")]
    [InlineData("[1]]")]
    [InlineData("[1] [2]")]
    [InlineData("[\"x]")]
    [InlineData("[\"x\\\"]")]
    [InlineData("<html>")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10,11]")]
    public void Text_that_is_not_a_list_or_is_too_long_is_not_cut(string text) => Assert.Null(JsonCut.List(Bytes(text), max: 10));

    [Fact]
    public void However_deep_a_member_is_its_neighbours_are_cut()
    {
        string deep = new string('[', 1_000_000) + new string(']', 1_000_000);

        Assert.Equal([2, 2_000_000, 2], JsonCut.List(Bytes($"[{{}},{deep},{{}}]"), max: 3)!.Select(member => member.Length));
    }

    [Theory]
    [InlineData("{\"nodeId\":7,\"other\":{\"nodeId\":8},\"city\":\"Ghent\"}", "7", "\"Ghent\"")]
    [InlineData("{ \"NODEID\" : 7 , \"city\" : NaN }", "7", "NaN")]
    [InlineData("{\"nodeId\":7,\"nodeId\":8}", "8", null)]
    [InlineData("{\"nodeId\"7,city:1,\"city\":}", null, "")]
    [InlineData("{}", null, null)]
    public void An_object_is_cut_into_the_fields_that_are_known(string text, string? id, string? city)
    {
        Dictionary<string, ReadOnlyMemory<byte>> fields = JsonCut.Fields(Bytes(text), names)!;

        Assert.Equal((id, city), (Field("nodeId"), Field("city")));

        string? Field(string name) => fields.TryGetValue(name, out ReadOnlyMemory<byte> value) ? Text(value) : null;
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"{}\"")]
    public void Text_that_is_not_an_object_has_no_fields(string text) => Assert.Null(JsonCut.Fields(Bytes(text), names));

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);
}
