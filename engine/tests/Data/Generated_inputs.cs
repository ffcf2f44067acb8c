using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Generated_inputs(Harbour harbour) : IClassFixture<Harbour>
{
    private const string Equality = "eq neq in nin";
    private const string Comparison = Equality + " gt ngt gte ngte lt nlt lte nlte";

    private const string Text = Equality + " contains ncontains startsWith nstartsWith endsWith nendsWith ieq icontains istartsWith iendsWith and or";

    [Theory]
    [InlineData("StringOperationFilterInput", Text)]
    [InlineData("IntOperationFilterInput", Comparison)]
    [InlineData("LongOperationFilterInput", Comparison)]
    [InlineData("FloatOperationFilterInput", Comparison)]
    [InlineData("DecimalOperationFilterInput", Comparison)]
    [InlineData("DateTimeOperationFilterInput", Comparison)]
    [InlineData("UuidOperationFilterInput", Comparison)]
    [InlineData("BooleanOperationFilterInput", "eq neq")]
    [InlineData("ShipKindOperationFilterInput", Equality)]
    [InlineData("IdOperationFilterInput", Equality)]
    [InlineData("ListStringOperationFilterInput", "all none some any")]
    [InlineData("ListFilterInputTypeOfCargoFilterInput", "all none some any")]
    [InlineData("PortFilterInput", "and or not id city isOpen")]
    [InlineData("PortSortInput", "id city isOpen")]
    public void Inputs_have_these_fields(string type, string fields)
    {
        InputObjectType input = harbour.Schema.FindType<InputObjectType>(type)!;

        Assert.Equal(fields.Split(' ').Order(StringComparer.Ordinal), input.Fields.Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ShipFilterInput.and", "[ShipFilterInput!]")]
    [InlineData("ShipFilterInput.not", "ShipFilterInput")]
    [InlineData("ShipFilterInput.id", "IdOperationFilterInput")]
    [InlineData("ShipFilterInput.fee", "DecimalOperationFilterInput")]
    [InlineData("ShipFilterInput.serial", "UuidOperationFilterInput")]
    [InlineData("ShipFilterInput.berth", "BerthFilterInput")]
    [InlineData("ShipFilterInput.tags", "ListStringOperationFilterInput")]
    [InlineData("ShipFilterInput.cargos", "ListFilterInputTypeOfCargoFilterInput")]
    [InlineData("ListFilterInputTypeOfCargoFilterInput.some", "CargoFilterInput")]
    [InlineData("ListFilterInputTypeOfCargoFilterInput.any", "Boolean")]
    [InlineData("StringOperationFilterInput.in", "[String]")]
    [InlineData("ShipKindOperationFilterInput.in", "[ShipKind!]")]
    [InlineData("IdOperationFilterInput.nin", "[ID]")]
    [InlineData("ShipSortInput.name", "SortEnumType")]
    [InlineData("ShipSortInput.berth", "BerthSortInput")]
    public void Their_fields_have_these_types(string coordinate, string type)
    {
        string[] names = coordinate.Split('.');

        Assert.Equal(type, harbour.Schema.FindType<InputObjectType>(names[0])!.Fields.Find(names[1])!.Type.ToString());
    }

    [Theory]
    [InlineData("greeting")] // A method shows what no column holds.
    [InlineData("secret")] // Comparisons would reveal what the caller may not see.
    public void A_field_that_is_more_than_a_property_is_neither_filtered_nor_sorted_by(string field)
    {
        Assert.NotNull(harbour.Schema.FindType<ObjectType>("Ship")!.Fields.Find(field));
        Assert.Null(harbour.Schema.FindType<InputObjectType>("ShipFilterInput")!.Fields.Find(field));
        Assert.Null(harbour.Schema.FindType<InputObjectType>("ShipSortInput")!.Fields.Find(field));
    }

    [Theory]
    [InlineData("Query.ships", "ShipsConnection!", "first: Int, after: String, last: Int, before: String, where: ShipFilterInput, order: [ShipSortInput!]")]
    [InlineData("Query.fleet", "[Ship!]!", "where: ShipFilterInput, order: [ShipSortInput!]")]
    [InlineData("Query.ship", "Ship", "number: Long!")]
    [InlineData("ShipsConnection.edges", "[ShipsEdge!]!", "")]
    [InlineData("ShipsConnection.nodes", "[Ship!]!", "")]
    [InlineData("ShipsConnection.pageInfo", "PageInfo!", "")]
    [InlineData("ShipsConnection.totalCount", "Int!", "")]
    [InlineData("ShipsEdge.node", "Ship!", "")]
    [InlineData("ShipsEdge.cursor", "String!", "")]
    [InlineData("Query.lostShips", "LostShipsConnection", "first: Int, after: String, last: Int, before: String")] // Its resolver may return null.
    [InlineData(
        "Berth.ships", "BerthShipsConnection!",
        "first: Int, after: String, last: Int, before: String, where: ShipFilterInput, order: [ShipSortInput!]")]
    public void Fields_have_these_types_and_arguments(string coordinate, string type, string arguments)
    {
        string[] names = coordinate.Split('.');

        FieldDefinition field = harbour.Schema.FindType<ObjectType>(names[0])!.Fields.Find(names[1])!;

        Assert.Equal(type, field.Type.ToString());
        Assert.Equal(arguments, string.Join(", ", field.Arguments.Select(argument => $"{argument.Name}: {argument.Type}")));
    }

    [Fact]
    public void A_connection_without_a_total_count_has_no_such_field() =>
        Assert.Null(harbour.Schema.FindType<ObjectType>("NewestConnection")!.Fields.Find("totalCount"));
}
