using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class RequestTests
{
    private const string Sdl = """
        type Query { a: String self: Query fail: String bad: Int badStrict: Int! reported: String where(at: String): String thing: Thing many: [Int] }
        type Mutation { a: String }
        interface Thing { a: String }
        type One implements Thing { a: String }
        """;

    private readonly TestEngine engine = new(
        Sdl,
        builder => builder
            .ResolvePure("Query.a", _ => "a")
            .ResolvePure("Query.self", _ => new object())
            .Resolve("Query.fail", _ => throw new InvalidOperationException("Password: hunter2"))
            .ResolvePure("Query.bad", _ => "no number")
            .ResolvePure("Query.badStrict", _ => long.MaxValue)
            .Resolve("Query.reported", context =>
            {
                context.ReportError(new GraphQLError("Next to the value.", "NOTE") { Extensions = new Dictionary<string, object?> { ["hint"] = 1 } });
                context.SetResponseExtension("cost", 7);
                return ValueTask.FromResult<object?>("value");
            })
            .Resolve("Query.where", _ => throw new TimeoutException())
            .ResolvePure("Query.thing", _ => "no thing")
            .ResolvePure("Query.many", _ => "no list"),
        options => options.ErrorCountMax = 3,
        register: services => services.AddSingleton<IErrorFilter, TimeoutFilter>());

    [Theory]
    [InlineData("{ a", "GRAPHQL_SYNTAX_ERROR")]
    [InlineData("{ nope }", "GRAPHQL_VALIDATION_FAILED")]
    [InlineData("query A { a } query B { a }", "OPERATION_RESOLUTION_FAILURE")]
    [InlineData("fragment F on Query { a }", "GRAPHQL_VALIDATION_FAILED")]
    public async Task A_request_that_cannot_be_executed_has_errors_and_no_data(string query, string code)
    {
        using var result = (OperationResult)await engine.ExecuteAsync(query);

        Assert.False(result.HasData);
        Assert.All(result.Errors, error => Assert.Equal(code, error.Code));
        Assert.StartsWith("{\"errors\":[{", TestEngine.Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("\"data\"", TestEngine.Text(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("query A { a }")]
    [InlineData("{ a }")]
    public async Task An_empty_name_selects_the_only_operation(string query) =>
        Assert.Equal("""{"data":{"a":"a"}}""", await engine.AnswerAsync(query, operationName: ""));

    [Fact]
    public async Task An_empty_name_selects_none_of_several_operations() => Assert.Equal(
        """{"errors":[{"message":"The document has several operations; choose one by its name.","extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]}""",
        await engine.AnswerAsync("query A { a } query B { b: a }", operationName: ""));

    [Fact]
    public async Task The_named_operation_is_executed()
    {
        Assert.Equal("""{"data":{"b":"a"}}""", await engine.AnswerAsync("query A { a } query B { b: a }", operationName: "B"));
        Assert.Equal(
            """{"errors":[{"message":"The document has no operation named C.","extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]}""",
            await engine.AnswerAsync("query A { a } query B { b: a }", operationName: "C"));
    }

    [Fact]
    public async Task A_mutation_is_refused_and_not_run_where_only_queries_are_allowed()
    {
        GraphQLRequest request = engine.Request("mutation { a }") with { Allowed = AllowedOperations.Query };

        using var result = (OperationResult)await engine.Executor.ExecuteAsync(request);

        Assert.True(result.IsOperationNotAllowed);
        Assert.False(result.HasData);
    }

    [Fact]
    public async Task Variables_that_are_not_an_object_are_refused()
    {
        Assert.Equal(
            """{"errors":[{"message":"`variables` must be an object.","extensions":{"code":"BAD_USER_INPUT"}}]}""",
            await engine.AnswerAsync("query ($at: String) { where(at: $at) }", "[]"));
    }

    [Fact]
    public async Task A_condition_that_is_null_is_refused_before_anything_runs()
    {
        Assert.Equal(
            """{"errors":[{"message":"`$x` must not be null; its type is Boolean!.","extensions":{"code":"BAD_USER_INPUT"}}]}""",
            await engine.AnswerAsync("query ($x: Boolean = true) { a @include(if: $x) }", """{"x":null}"""));
    }

    [Fact]
    public async Task An_unexpected_exception_only_shows_an_id_that_is_also_in_the_log()
    {
        using var result = (OperationResult)await engine.ExecuteAsync("{ a fail }");

        GraphQLError error = Assert.Single(result.Errors);
        Assert.Equal(("INTERNAL", "Something went wrong on our side.", "fail"), (error.Code, error.Message, error.Path!.ToString()));
        string entry = Assert.Single(engine.Log);
        Assert.Contains((string)error.Extensions["errorId"]!, entry, StringComparison.Ordinal);
        Assert.Contains("hunter2", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", TestEngine.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_decides_what_clients_see_of_its_exceptions()
    {
        Assert.Equal(
            """{"errors":[{"message":"Try again.","locations":[{"line":1,"column":3}],"path":["where"],"""
                + """
                    "extensions":{"code":"UNAVAILABLE","retryable":true}}],"data":{"where":null}}
                    """,
            await engine.AnswerAsync("{ where }"));
        Assert.Empty(engine.Log);
    }

    [Theory]
    [InlineData("{ bad }", """{"bad":null}""")]
    [InlineData("{ badStrict }", "null")]
    [InlineData("{ thing { a } a }", """{"thing":null,"a":"a"}""")]
    [InlineData("{ many }", """{"many":null}""")]
    public async Task A_value_that_its_type_cannot_represent_is_an_internal_error(string query, string data)
    {
        using var result = (OperationResult)await engine.ExecuteAsync(query);

        Assert.Equal("INTERNAL", Assert.Single(result.Errors).Code);
        Assert.EndsWith($"\"data\":{data}}}", TestEngine.Text(result), StringComparison.Ordinal);
        Assert.Single(engine.Log);
    }

    [Fact]
    public async Task Errors_in_addition_to_a_value_and_extensions_are_returned_with_it()
    {
        Assert.Equal(
            """{"errors":[{"message":"Next to the value.","locations":[{"line":1,"column":3}],"path":["r"],"""
                + """
                    "extensions":{"code":"NOTE","hint":1}}],"data":{"r":"value"},"extensions":{"cost":7}}
                    """,
            await engine.AnswerAsync("{ r: reported }"));
    }

    [Fact]
    public async Task A_response_lists_a_bounded_number_of_errors()
    {
        using var result = (OperationResult)await engine.ExecuteAsync($"{{ {string.Join(' ', Enumerable.Range(0, 50).Select(n => $"f{n}: fail"))} }}");

        Assert.Equal(["INTERNAL", "INTERNAL", "INTERNAL", "LIMIT_EXCEEDED"], result.Errors.Select(error => error.Code));
        Assert.Equal(3, engine.Log.Count);
    }

    [Fact]
    public async Task Invalid_documents_are_cached_too()
    {
        await engine.AnswerAsync("{ nope }");
        await engine.AnswerAsync("{ nope }");

        Assert.Equal(1, engine.Executor.CachedDocumentCount);
    }

    [Fact]
    public async Task A_result_cannot_be_written_once_disposed()
    {
        var result = (OperationResult)await engine.ExecuteAsync("{ a }");

        result.Dispose();
        result.Dispose();

        Assert.Equal(0, engine.Buffers.RentedCount);
        Assert.Throws<ObjectDisposedException>(() => TestEngine.Text(result));
    }

    private sealed class TimeoutFilter : IErrorFilter
    {
        public GraphQLError? OnError(Exception exception) => exception is TimeoutException
            ? new GraphQLError("Try again.", ErrorCodes.Unavailable) { Extensions = new Dictionary<string, object?> { ["retryable"] = true } }
            : null;
    }
}
