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
    public async Task What_is_new_is_paid_for_before_it_is_parsed_and_then_what_comes_of_it(string query, string charges)
    {
        await RunAsync(query);

        Assert.Equal(charges, string.Join(' ', meter.Charges));
    }

    [Fact]
    public async Task A_document_that_is_known_is_not_paid_for_again()
    {
        await RunAsync("{ one }");
        await RunAsync("{ one }");

        Assert.Equal("Document Operation Operation", string.Join(' ', meter.Charges));
    }

    [Theory]
    [InlineData(RequestChargeKind.Document)]
    [InlineData(RequestChargeKind.Operation)]
    public async Task Who_has_nothing_left_is_refused_before_anything_is_done(RequestChargeKind refused)
    {
        meter.Refused = refused;

        using OperationResult result = await RunAsync("{ one }");

        Assert.Equal((false, "RATE_LIMITED", 0), (result.HasData, result.Errors.Single().Code, resolved));
        Assert.Equal(refused, meter.Charges[^1]); // The refusal of a refusal costs nothing more.
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_paid_for_is_the_meters()
    {
        meter.Refused = RequestChargeKind.Refusal;

        using OperationResult result = await RunAsync("{ two }");

        Assert.Equal("RATE_LIMITED", result.Errors.Single().Code);
    }

    [Fact]
    public async Task Asking_for_the_cost_alone_is_charged_like_a_refusal()
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
