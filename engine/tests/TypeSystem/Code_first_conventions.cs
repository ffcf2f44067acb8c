using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

public sealed class Code_first_conventions : IDisposable
{
    private readonly ServiceProvider services = Market.Services();

    private Schema Schema => services.GetRequiredService<Schema>();

    public void Dispose() => services.Dispose();

    [Theory]
    [InlineData("Stall.id", "ID!")]
    [InlineData("Stall.name", "String!")]
    [InlineData("Stall.motto", "String!")]
    [InlineData("Stall.state", "StallState!")]
    [InlineData("Stall.goods", "[Good!]!")]
    [InlineData("Stall.notes", "[String]")]
    [InlineData("Stall.neighbourId", "ID")]
    [InlineData("Stall.openedAt", "DateTime!")]
    [InlineData("Stall.goodCount", "Int!")]
    [InlineData("Good.price", "Decimal!")]
    [InlineData("Query.stall", "Stall")]
    [InlineData("Query.count", "[Int!]!")]
    [InlineData("Query.now", "DateTime!")]
    [InlineData("Query.firstStallId", "ID!")]
    [InlineData("Query.node", "Node")]
    [InlineData("Query.nodes", "[Node]!")]
    [InlineData("Mutation.buy", "BuyResult!")]
    [InlineData("Subscription.onStallChanged", "Stall!")]
    [InlineData("TooDear.message", "String!")]
    public void Names_and_types_of_fields_follow_the_members(string coordinate, string type)
    {
        Assert.Equal(type, Field(coordinate)?.Type.ToString());
    }

    [Theory]
    [InlineData("Stall.secret")]
    [InlineData("Stall.clr")]
    [InlineData("Stall.stall")]
    [InlineData("Subscription.changes")]
    [InlineData("Good.equalityContract")]
    public void Ignored_members_and_helpers_of_other_fields_are_not_shown(string coordinate)
    {
        Assert.Null(Field(coordinate));
    }

    [Theory]
    [InlineData("stallId", "ID!", null)]
    [InlineData("title", "String!", null)]
    [InlineData("count", "Int!", "1")]
    [InlineData("atMost", "Decimal", null)]
    [InlineData("tags", "[String!]", null)]
    [InlineData("note", "String", null)]
    public void An_input_record_has_its_parameters_as_fields_with_their_defaults(string name, string type, string? defaultValue)
    {
        InputValueDefinition field = Schema.FindType<InputObjectType>("BuyInput")!.Fields.Find(name)!;

        Assert.Equal(type, field.Type.ToString());
        Assert.Equal(defaultValue, field.DefaultValue?.ToString());
    }

    [Fact]
    public void An_empty_interface_is_the_union_of_the_records_that_implement_it()
    {
        Assert.Equal(["Bought", "SoldOut", "TooDear"], Schema.FindType<UnionType>("BuyResult")!.Members.Select(member => member.Name));
    }

    [Fact]
    public async Task A_member_that_a_union_names_need_not_implement_it()
    {
        var draws = new ServiceCollection();
        draws.AddGraphQLServer().AddQueryType<DrawQuery>().AddType<IDraw>();
        await using ServiceProvider provider = draws.BuildServiceProvider();
        Schema schema = provider.GetRequiredService<Schema>();

        Assert.Equal(["Blank", "Prize"], schema.FindType<UnionType>("Draw")!.Members.Select(member => member.Name));
        Assert.Equal("Draw!", schema.QueryType.Fields.Find("draw")!.Type.ToString());
    }

    [Fact]
    public void Objects_implement_the_interfaces_that_their_classes_do()
    {
        Assert.Equal(["SoldOut", "TooDear"], Schema.PossibleTypes(Schema.FindType("Refusal")!).Select(type => type.Name));
        Assert.Equal(["Stall"], Schema.PossibleTypes(Schema.FindType("Node")!).Select(type => type.Name));
    }

    [Fact]
    public void Enum_values_are_upper_case_words()
    {
        EnumType state = Schema.FindType<EnumType>("StallState")!;

        Assert.Equal(["OPEN_NOW", "CLOSED", "GPU_ONLY"], state.Values.Select(value => value.Name));
        Assert.Equal("Use `CLOSED`.", state.Values[2].DeprecationReason);
    }

    [Theory]
    [InlineData("CreatedAt", "createdAt")]
    [InlineData("SSDBytes", "ssdBytes")]
    [InlineData("ID", "id")]
    [InlineData("X", "x")]
    [InlineData("already", "already")]
    public void A_name_loses_the_capitals_of_its_first_word(string name, string expected)
    {
        Assert.Equal(expected, Naming.Camel(name));
    }

    [Fact]
    public void Descriptions_come_from_the_documentation_of_the_code()
    {
        Assert.Equal("A stall with `goods`, see Good.", Schema.FindType("Stall")!.Description);
        Assert.Equal("Its name on the sign.", Field("Stall.name")!.Description);
        Assert.Equal("What it costs.", Field("Good.price")!.Description);
        Assert.Equal("For people.", Field("SoldOut.message")!.Description);
        Assert.Equal("One stall.", Field("Query.stall")!.Description);
        Assert.Equal("Which one.", Field("Query.stall")!.Arguments.Find("by")!.Description);
        Assert.Equal("For good.", Schema.FindType<EnumType>("StallState")!.Values[1].Description);
    }

    [Fact]
    public void A_plain_property_is_read_without_a_resolver_and_known_by_its_member()
    {
        FieldDefinition name = Field("Stall.name")!, goodCount = Field("Stall.goodCount")!;

        Assert.Equal(nameof(Stall.Name), name.Member?.Name);
        Assert.Equal("North", name.PureResolver!(new Stall { Name = "North" }));
        Assert.Null(name.Resolver);
        Assert.Null(goodCount.Member);
        Assert.Equal([nameof(Stall.Goods)], goodCount.Requires.Select(member => member.Name));
    }

    [Fact]
    public void The_printed_schema_is_valid_and_reads_back_as_itself()
    {
        string printed = SchemaPrinter.Print(Schema);

        Assert.Equal(printed, SchemaPrinter.Print(SchemaBuilder.FromSdl(printed).Build()));
    }

    [Fact]
    public void An_input_that_takes_exactly_one_field_says_so()
    {
        Assert.True(Schema.FindType<InputObjectType>("StallByInput")!.IsOneOf);
    }

    private FieldDefinition? Field(string coordinate) =>
        coordinate.Split('.') is [var type, var field] ? Schema.FindType<ComplexType>(type)?.Fields.Find(field) : null;

    [UnionType(Members = [typeof(Blank)])]
    private interface IDraw;

    private sealed record Prize(string Name) : IDraw;

    private sealed record Blank(string Reason);

    private sealed class DrawQuery
    {
        [GraphQLType("Draw!")]
        public static object GetDraw(bool wins) => wins ? new Prize("A cake") : new Blank("Not today.");
    }
}
