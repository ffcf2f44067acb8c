using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>One schema for each rule that it breaks.</summary>
public sealed class Schema_rules
{
    private const string Query = "type Query { a: Int } ";

    [Theory]
    [InlineData("type A { b: Int }", "schema: there is no query type.")]
    [InlineData("schema { query: Missing }", "schema: the query type Missing is not an object type of this schema.")]
    [InlineData("schema { query: Query mutation: Query } " + Query, "schema: query, mutation and subscription start at different types.")]
    [InlineData("schema { query: Query query: Query } " + Query, "schema: the query type is given more than once.")]
    [InlineData("schema { query: Query } schema { query: Query } " + Query, "schema: it is defined more than once.")]
    [InlineData(Query + "type A { b: Int } enum A { B }", "A: there is more than one type with this name.")]
    [InlineData(Query + "{ a }", "Line 1: an operation or fragment is not part of a schema.")]
    [InlineData("type Query { a: Missing }", "Query.a: the type Missing is not defined.")]
    [InlineData("type Query { a(b: Missing): Int }", "Query.a(b:): the type Missing is not defined.")]
    [InlineData(Query + "type __A { b: Int }", "__A: names that start with two underscores are reserved for introspection.")]
    [InlineData("type Query { __a: Int }", "Query.__a: names that start with two underscores are reserved for introspection.")]
    [InlineData("type Query { a: Int a: Int }", "Query.a: there is more than one field with this name.")]
    [InlineData("type Query { a(b: Int, b: Int): Int }", "Query.a(b:): there is more than one argument with this name.")]
    [InlineData("type Query { a: I } input I { b: Int }", "Query.a: I is an input type; a field needs an output type.")]
    [InlineData("type Query { a(b: Query): Int }", "Query.a(b:): Query is an output type; an input type is needed.")]
    [InlineData("type Query { a(b: Int! @deprecated): Int }", "Query.a(b:): it is required, and so cannot be deprecated.")]
    [InlineData(
        "type Query { a(b: Int = \"x\"): Int }",
        "Query.a(b:): its default is invalid: `b`: Int takes a whole number from -2147483648 to 2147483647, not \"x\".")]
    [InlineData(Query + "interface I { b: Int } type A implements I { c: Int }", "A: it lacks the field b of I.")]
    [InlineData(Query + "interface I { b: Int! } type A implements I { b: Int }", "A.b: its type Int does not fit that of I.b, which is Int!.")]
    [InlineData(Query + "interface I { b: [Int] } type A implements I { b: Int }", "A.b: its type Int does not fit that of I.b, which is [Int].")]
    [InlineData(Query + "interface I { b(c: Int): Int } type A implements I { b: Int }", "A.b: it lacks the argument c of I.b.")]
    [InlineData(Query + "interface I { b(c: Int): Int } type A implements I { b(c: Int!): Int }", "A.b(c:): its type is Int!, and Int in I.")]
    [InlineData(Query + "interface I { b: Int } type A implements I { b(c: Int!): Int }", "A.b(c:): it is required, but I.b does not have it.")]
    [InlineData(Query + "interface I { b: Int } type A implements I { b: Int @deprecated }", "A.b: it is deprecated while I.b is not.")]
    [InlineData(Query + "interface I implements I { b: Int }", "I: it implements itself.")]
    [InlineData(
        Query + "interface I { b: Int } interface J implements I { b: Int } type A implements J { b: Int }",
        "A: it implements J and so has to implement I.")]
    [InlineData(Query + "interface I { b: Int } type A implements I & I { b: Int }", "A: it implements I more than once.")]
    [InlineData(Query + "type A implements Query { a: Int }", "A: it implements Query, which is not an interface of this schema.")]
    [InlineData(Query + "union U = Query | Query", "U: Query is a member more than once.")]
    [InlineData(Query + "union U", "U: a union needs at least one member.")]
    [InlineData(Query + "union U = Int", "U: it has the member Int, which is not an object type of this schema.")]
    [InlineData(Query + "enum E", "E: an enum needs at least one value.")]
    [InlineData(Query + "enum E { A A }", "E.A: there is more than one value with this name.")]
    [InlineData(Query + "type A", "A: it has no fields.")]
    [InlineData(Query + "input I", "I: it has no fields.")]
    [InlineData(Query + "input I { a: I! }", "I.a: no value of I is possible, since each needs another.")]
    [InlineData(Query + "input I { a: J! } input J { b: I! }", "I.a: no value of I is possible, since each needs another.")]
    [InlineData(Query + "input I { a: I = {} }", "I: the defaults of its fields refer to each other endlessly.")]
    [InlineData(Query + "input I { a: J = {} } input J { b: I = {} }", "J: the defaults of its fields refer to each other endlessly.")]
    [InlineData(Query + "input I @oneOf { a: Int! }", "I.a: the fields of a oneOf input must be nullable.")]
    [InlineData(Query + "input I @oneOf { a: Int = 1 }", "I.a: the fields of a oneOf input must not have defaults.")]
    [InlineData(Query + "input I { a: Int } extend input I @oneOf", "I: @oneOf cannot be added by an extension.")]
    [InlineData(Query + "extend type A { b: Int }", "A: line 1 extends a type that is not there, or is of another kind.")]
    [InlineData(Query + "extend enum Query { B }", "Query: line 1 extends a type that is not there, or is of another kind.")]
    [InlineData(Query + "directive @d on FIELD directive @d on FIELD", "@d: there is more than one directive with this name.")]
    [InlineData(Query + "directive @d(a: Int @d) on ARGUMENT_DEFINITION", "@d: its arguments use the directive itself.")]
    [InlineData(Query + "directive @d(a: I) on INPUT_FIELD_DEFINITION input I { b: Int @d }", "@d: its arguments use the directive itself.")]
    [InlineData("type Query { a: Int @unknown }", "Query.a: the directive @unknown is not defined.")]
    [InlineData("type Query @deprecated { a: Int }", "Query: the directive @deprecated may not stand on OBJECT.")]
    [InlineData("type Query { a: Int @deprecated @deprecated }", "Query.a: the directive @deprecated is not repeatable.")]
    [InlineData("type Query { a: Int @deprecated(because: 1) }", "Query.a: the directive @deprecated has no argument because.")]
    [InlineData("type Query { a: Int @deprecated(reason: 1) }", "Query.a: @deprecated: `reason`: String takes a string, not 1.")]
    [InlineData(Query + "scalar S @specifiedBy", "S: @specifiedBy(url:) is required.")]
    public void A_schema_that_breaks_a_rule_is_refused_with_its_place(string sdl, string problem)
    {
        SchemaException refusal = Assert.Throws<SchemaException>(() => SchemaBuilder.FromSdl(sdl).Build());

        Assert.Contains(problem, refusal.Problems);
    }

    [Theory]
    [InlineData(Query + "interface I { b: I } type A implements I { b: A! c(d: Int): Int }")]
    [InlineData(Query + "union U = Query interface I { b: [U] } type A implements I { b: [Query!]! }")]
    [InlineData(Query + "input I { a: [I!]! b: I }")]
    [InlineData(Query + "input I { a: J = { b: null } } input J { b: I = {} }")]
    [InlineData(Query + "extend type Query { b: Int } extend schema @d directive @d on SCHEMA schema { query: Query }")]
    [InlineData("type Query { a(b: [Int!] = 1, c: I = { d: A }): Int } input I { d: E } enum E { A }")]
    public void A_valid_schema_is_built(string sdl)
    {
        Assert.NotNull(SchemaBuilder.FromSdl(sdl).Build().QueryType);
    }

    [Fact]
    public void A_coordinate_that_does_not_exist_cannot_be_resolved()
    {
        SchemaBuilder builder = SchemaBuilder.FromSdl(Query).ResolvePure("Query.b", _ => 1);

        Assert.Equal(["Query.b: there is no such field to resolve."], Assert.Throws<SchemaException>(builder.Build).Problems);
    }
}
