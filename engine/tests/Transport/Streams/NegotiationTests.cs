namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>Which format is used for the <c>Accept</c> headers that public clients send.</summary>
public sealed class NegotiationTests
{
    private const string Json = "application/json";
    private const string GraphQLResponse = "application/graphql-response+json";
    private const string Events = "text/event-stream";
    private const string Multipart = "multipart/mixed";
    private const string Lines = "application/jsonl";
    private const string Urql = $"{GraphQLResponse}, application/graphql+json, {Json}, {Events}, {Multipart}";
    private const string Apollo = $"{Multipart};boundary=graphql;subscriptionSpec=1.0,{GraphQLResponse},{Json};q=0.9";

    [Theory]
    [InlineData(Urql, GraphQLResponse)]
    [InlineData(Apollo, GraphQLResponse)]
    [InlineData($"{Events}, {Json}", Json)]
    [InlineData($"{Json};q=0.5, {Events}", Events)]
    [InlineData(Events, Events)]
    [InlineData($"{Events}, */*;q=0.1", Events)]
    [InlineData($"{Multipart};deferSpec=20220824,{Json}", Json)]
    [InlineData(Multipart, Multipart)]
    [InlineData(Lines, Lines)]
    public async Task One_result_is_sent_as_one_json_text_unless_the_client_prefers_a_stream(string accept, string expected) =>
        await AssertTypeAsync("{ hello }", accept, expected);

    [Theory]
    [InlineData(Urql, Events)]
    [InlineData(Apollo, Multipart)]
    [InlineData($"{Events};q=0.5, {Multipart}", Multipart)]
    [InlineData($"{Lines}, {Multipart};q=0.5", Lines)]
    [InlineData($"{Json}, {Multipart};incrementalSpec=v0.2", Multipart)]
    public async Task A_subscription_uses_the_stream_format_that_the_client_prefers(string accept, string expected) =>
        await AssertTypeAsync("subscription { tick }", accept, expected);

    [Theory]
    [InlineData(Json)]
    [InlineData("*/*")]
    [InlineData($"{Json}, {Multipart};deferSpec=20220824")]
    [InlineData($"{Json}, {Multipart};subscriptionSpec=2.0")]
    [InlineData($"{Json}, {Events};q=0")]
    public async Task A_client_that_cannot_read_streams_gets_no_subscription(string accept)
    {
        await using TransportServer server = await StartAsync();

        using StreamClient client = await StreamClient.PostAsync(server, "subscription { tick }", accept);

        Assert.Equal(400, client.Status);
        Assert.Contains("\"code\":\"BAD_REQUEST\"", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Events, true)]
    [InlineData(Urql, true)]
    [InlineData($"{Json}, {Lines}", true)]
    [InlineData($"{Json}, {Multipart};incrementalSpec=v0.2", true)]
    [InlineData($"{Json}, {Multipart};incrementalSpec=v0.1", false)]
    [InlineData($"{Json}, {Multipart};deferSpec=20220824", false)]
    [InlineData(Apollo, false)]
    [InlineData("*/*", false)]
    [InlineData(Json, false)]
    public async Task A_response_is_delivered_in_parts_when_the_client_supports_our_format(string accept, bool isAllowed)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using StreamClient client = await StreamClient.PostAsync(server, "{ hello }", accept);

        Assert.Equal(200, client.Status);
        Assert.Equal(isAllowed, Assert.Single(executor.Requests).AllowsIncrementalDelivery);
    }

    [Fact]
    public async Task Parts_of_a_response_do_not_use_the_format_of_a_subscription()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("{ slow }", new StubStream(Numbers.To(2), isIncremental: true)));

        using StreamClient client = await StreamClient.PostAsync(server, "{ slow }", $"{Multipart};subscriptionSpec=1.0, {Multipart};q=0.9, {Json};q=0.5");

        Assert.Equal("multipart/mixed; boundary=\"-\"", client.Header("Content-Type"));
    }

    private static async Task AssertTypeAsync(string query, string accept, string expected)
    {
        await using TransportServer server = await StartAsync();

        using StreamClient client = await StreamClient.PostAsync(server, query, accept);

        Assert.Equal(200, client.Status);
        Assert.Equal(expected, client.Response.Content.Headers.ContentType?.MediaType);
    }

    private static Task<TransportServer> StartAsync() =>
        TransportServer.StartAsync(new StubExecutor().Answer("subscription { tick }", new StubStream(Numbers.To(1))));
}
