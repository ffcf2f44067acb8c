using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Execution.Metering;

/// <summary>What a request is charged for, and when.</summary>
public sealed class RequestMeterTests
{
    private readonly Recorder meter = new();
    private readonly TestEngine engine;
    private int resolved;

    public RequestMeterTests() => engine = new TestEngine(
        "type Query { one: Int }", schema => schema.Resolve("Query.one", _ => new ValueTask<object?>(++resolved)), meter: meter);

    [Theory]
    [InlineData("{ one }", "Document Operation")]
    [InlineData("{ one", "Document Refusal")]
    [InlineData("{ two }", "Document Refusal")]
    [InlineData("query A { one } query B { one }", "Document Refusal")]
    public async Task A_new_document_is_charged_before_it_is_parsed_and_its_operation_afterwards(string query, string charges)
    {
        await RunAsync(query);

        Assert.Equal(charges, string.Join(' ', meter.Charges));
    }

    [Fact]
    public async Task A_known_document_is_not_charged_again()
    {
        await RunAsync("{ one }");
        await RunAsync("{ one }");

        Assert.Equal("Document Operation Operation", string.Join(' ', meter.Charges));
    }

    [Theory]
    [InlineData(RequestChargeKind.Document)]
    [InlineData(RequestChargeKind.Operation)]
    public async Task A_caller_with_nothing_left_is_refused_before_any_work_is_done(RequestChargeKind refused)
    {
        meter.Refused = refused;

        using OperationResult result = await RunAsync("{ one }");

        Assert.Equal((false, "RATE_LIMITED", 0), (result.HasData, result.Errors.Single().Code, resolved));
        Assert.Equal(refused, meter.Charges[^1]); // The refusal of a refusal costs nothing more.
    }

    [Fact]
    public async Task When_a_refusal_cannot_be_charged_the_meters_error_is_returned()
    {
        meter.Refused = RequestChargeKind.Refusal;

        using OperationResult result = await RunAsync("{ two }");

        Assert.Equal("RATE_LIMITED", result.Errors.Single().Code);
    }

    [Fact]
    public async Task Only_asking_for_the_cost_is_charged_like_a_refusal()
    {
        using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request("{ one }") with { Cost = CostMode.Validate });

        Assert.Equal("Document Refusal", string.Join(' ', meter.Charges));
    }

    private async Task<OperationResult> RunAsync(string query) => (OperationResult)await engine.Executor.ExecuteAsync(engine.Request(query));

    private sealed class Recorder : IRequestMeter
    {
        public List<RequestChargeKind> Charges { get; } = [];
        public RequestChargeKind? Refused { get; set; }

        public ValueTask ChargeAsync(GraphQLRequest request, RequestCharge charge, CancellationToken cancellation)
        {
            Charges.Add(charge.Kind);
            return charge.Kind == Refused ? throw new GraphQLException("No more.", ErrorCodes.RateLimited) : default;
        }
    }
}
