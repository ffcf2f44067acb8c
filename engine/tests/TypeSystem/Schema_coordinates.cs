using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>The examples of the specification's chapter, with its own schema.</summary>
public sealed class Schema_coordinates
{
    private static readonly Schema Schema = SchemaBuilder.FromSdl("""
        type Query { searchBusiness(criteria: SearchCriteria!): [Business] }
        input SearchCriteria { name: String filter: SearchFilter }
        enum SearchFilter { OPEN_NOW DELIVERS_TAKEOUT VEGETARIAN_MENU }
        type Business { id: ID name: String email: String @private(scope: "loggedIn") }
        union Thing = Business
        directive @private(scope: String!) on FIELD_DEFINITION
        """).Build();

    [Theory]
    [InlineData("Business", typeof(ObjectType))]
    [InlineData("Business.name", typeof(FieldDefinition))]
    [InlineData("SearchCriteria.filter", typeof(InputValueDefinition))]
    [InlineData("SearchFilter.OPEN_NOW", typeof(EnumValue))]
    [InlineData("Query.searchBusiness(criteria:)", typeof(InputValueDefinition))]
    [InlineData("@private", typeof(DirectiveDefinition))]
    [InlineData("@private(scope:)", typeof(InputValueDefinition))]
    [InlineData("String", typeof(StringType))]
    [InlineData("__Type.name", typeof(FieldDefinition))]
    [InlineData("@deprecated(reason:)", typeof(InputValueDefinition))]
    public void An_element_is_found_by_its_coordinate_and_is_the_one_of_that_name(string text, Type kind)
    {
        var coordinate = SchemaCoordinate.Parse(text);

        object found = Schema.Find(coordinate)!;

        Assert.IsType(kind, found);
        Assert.Equal(
            coordinate.Argument ?? coordinate.Member ?? coordinate.Name,
            found switch { NamedType type => type.Name, EnumValue value => value.Name, _ => ((INamed)found).Name });
        Assert.Equal(text, coordinate.ToString());
    }

    [Theory]
    [InlineData("Nobody")]
    [InlineData("Business.nothing")]
    [InlineData("SearchCriteria.nothing")]
    [InlineData("SearchFilter.NOTHING")]
    [InlineData("Query.searchBusiness(nothing:)")]
    [InlineData("@nothing")]
    [InlineData("@private(nothing:)")]
    [InlineData("Business.__typename")]
    [InlineData("Query.__schema")]
    public void An_element_that_its_container_lacks_is_null(string text) => Assert.Null(Schema.Find(SchemaCoordinate.Parse(text)));

    [Theory]
    [InlineData("Nobody.name", "Nobody.name: there is no Nobody.")]
    [InlineData("Nobody.name(a:)", "Nobody.name(a:): there is no Nobody.")]
    [InlineData("Business.nothing(a:)", "Business.nothing(a:): there is no Business.nothing.")]
    [InlineData("@nothing(a:)", "@nothing(a:): there is no @nothing.")]
    [InlineData("Thing.name", "Thing.name: Thing has no members.")]
    [InlineData("String.length", "String.length: String has no members.")]
    [InlineData("SearchFilter.OPEN_NOW(a:)", "SearchFilter.OPEN_NOW(a:): SearchFilter has no fields with arguments.")]
    [InlineData("SearchCriteria.name(a:)", "SearchCriteria.name(a:): SearchCriteria has no fields with arguments.")]
    public void An_element_without_its_container_cannot_be_found(string text, string problem) =>
        Assert.Equal([problem], Assert.Throws<SchemaException>(() => Schema.Find(SchemaCoordinate.Parse(text))).Problems);

    [Theory]
    [InlineData("")]
    [InlineData(" Business")]
    [InlineData("Business .name")]
    [InlineData("Business.name\n")]
    [InlineData("Business,name")]
    [InlineData("Business(name:)")]
    [InlineData("Business.")]
    [InlineData(".name")]
    [InlineData("Business.name.more")]
    [InlineData("Query.searchBusiness(criteria)")]
    [InlineData("Query.searchBusiness(criteria: )")]
    [InlineData("Query.searchBusiness()")]
    [InlineData("Query.searchBusiness(a:, b:)")]
    [InlineData("@")]
    [InlineData("@private.scope")]
    [InlineData("@private(scope:)x")]
    [InlineData("1st")]
    [InlineData("Größe")]
    public void Other_texts_are_not_coordinates(string text) =>
        Assert.Equal("GRAPHQL_SYNTAX_ERROR", Assert.Throws<GraphQLSyntaxException>(() => SchemaCoordinate.Parse(text)).ToError().Code);
}
