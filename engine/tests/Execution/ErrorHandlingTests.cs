using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>
/// The effect of errors on the response: <c>Cases/errors/*.case</c>, where the first word of a title is the mode, and what the cases leave out.
/// </summary>
public sealed class ErrorHandlingTests
{
    private static readonly string Sdl = File.ReadAllText(RepositoryRoot.Combine("engine", "tests", "Cases", "execution", "boxes.graphqls"));

    public static TheoryData<string, string, string> Cases() => CaseFile.Read("errors", "Modes.case");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_response_is_exactly_the_expected_one(string title, string request, string expected)
    {
        ErrorHandling mode = Enum.Parse<ErrorHandling>(title.Split(':')[0], ignoreCase: true);
        foreach (ResolverMode resolvers in Enum.GetValues<ResolverMode>())
        {
            TestEngine engine = BoxWorld.Engine(Sdl, resolvers);

            using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request(request) with { OnError = mode });

            Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(TestEngine.Text(result))!.ToJsonString());
            result.Dispose();
            Assert.Equal(0, engine.Buffers.RentedCount);
        }
    }

    [Fact]
    public async Task The_server_s_default_applies_when_the_request_does_not_say()
    {
        var engine = new TestEngine(
            "type Query { a: Int! }", builder => builder.ResolvePure("Query.a", _ => null),
            options => options.DefaultErrorHandling = ErrorHandling.Null);

        using var byDefault = (OperationResult)await engine.ExecuteAsync("{ a }");
        using var asRequested = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request("{ a }") with { OnError = ErrorHandling.Propagate });

        Assert.Contains("\"data\":{\"a\":null}", TestEngine.Text(byDefault), StringComparison.Ordinal);
        Assert.Contains("\"data\":null", TestEngine.Text(asRequested), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_error_stops_what_runs_and_keeps_the_rest_from_starting()
    {
        var stopped = new TaskCompletionSource();
        bool isMutated = false;
        var engine = new TestEngine(
            "type Query { fail: Int, slow: Int } type Mutation { fail: Int, then: Int }",
            builder => builder
                .Resolve("Query.fail", _ => throw new GraphQLException("Told to fail.", "TOLD_TO_FAIL"))
                .Resolve("Query.slow", async context =>
                {
                    await using CancellationTokenRegistration registration = context.RequestAborted.Register(() => stopped.TrySetResult());
                    await stopped.Task;
                    return 1;
                })
                .Resolve("Mutation.fail", _ => throw new GraphQLException("Told to fail.", "TOLD_TO_FAIL"))
                .Resolve("Mutation.then", _ =>
                {
                    isMutated = true;
                    return ValueTask.FromResult<object?>(1);
                }));

        foreach (string query in new[] { "{ slow fail }", "{ fail slow }", "mutation { fail then }" })
        {
            using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request(query) with { OnError = ErrorHandling.Halt });

            Assert.Equal(["fail"], Assert.Single(result.Errors).Path!.ToList());
            Assert.EndsWith("\"data\":null}", TestEngine.Text(result), StringComparison.Ordinal);
        }
        Assert.False(isMutated);
    }

    [Fact]
    public async Task An_error_reported_in_addition_to_a_value_also_halts()
    {
        var engine = new TestEngine("type Query { a: Int }", builder => builder.Resolve("Query.a", context =>
        {
            context.ReportError(new GraphQLError("Next to the value.", "NOTE"));
            return ValueTask.FromResult<object?>(1);
        }));

        using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request("{ a }") with { OnError = ErrorHandling.Halt });

        Assert.Equal("NOTE", Assert.Single(result.Errors).Code);
        Assert.EndsWith("\"data\":null}", TestEngine.Text(result), StringComparison.Ordinal);
    }
}
