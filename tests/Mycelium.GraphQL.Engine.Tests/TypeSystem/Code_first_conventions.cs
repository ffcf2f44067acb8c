using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

public sealed class Code_first_conventions
{
    private static readonly Schema Schema = Market.Schema();

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
        FieldDefinition? field = Field(coordinate);

        Assert.Equal(type, field?.Type.ToString());
    }

    private static FieldDefinition? Field(string coordinate) =>
        coordinate.Split('.') is [var type, var field] ? Schema.FindType<ComplexType>(type)?.Fields.Find(field) : null;
}
