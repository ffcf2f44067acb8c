using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

public sealed class HttpTests
{
    private const string GraphQLResponse = "application/graphql-response+json";
    private const string Json = "application/json";
    private const string Hello = """{"query":"{ hello }"}""";

    [Theory]
    [InlineData(GraphQLResponse, GraphQLResponse)]
    [InlineData(Json, Json)]
    [InlineData("*/*", Json)]
    [InlineData("application/*", Json)]
    [InlineData(null, Json)]
    [InlineData($"{Json}, {GraphQLResponse}", GraphQLResponse)]
    [InlineData($"{GraphQLResponse};q=0.5, {Json};q=0.9", Json)]
    [InlineData($"{GraphQLResponse};q=0.9, {Json};q=0.5", GraphQLResponse)]
    [InlineData($"{GraphQLResponse};q=0, */*", Json)]
    [InlineData($"{Json};q=0, */*;q=0.1", GraphQLResponse)]
    [InlineData($"{Json}, */*;q=0.1", Json)]
    [InlineData($"text/event-stream, {GraphQLResponse};charset=utf-8", GraphQLResponse)]
    public async Task The_type_of_the_response_is_the_one_the_client_prefers(string? accept, string expected)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using HttpResponseMessage response = await PostAsync(server, Hello, accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected + "; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"data":{"hello":"world"}}""", await response.Content.ReadAsStringAsync());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/*")]
    [InlineData("multipart/mixed;deferSpec=20220824")]
    [InlineData($"{Json};q=0")]
    [InlineData($"{Json};charset=iso-8859-1")]
    [InlineData(";;;")]
    public async Task An_accept_header_without_our_types_gets_406(string accept)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        await AssertRefusedAsync(await PostAsync(server, Hello, accept), 406, ErrorCodes.BadRequest);
        await AssertRefusedAsync(await GetAsync(server, "?query={ hello }", ("Accept", accept)), 406, ErrorCodes.BadRequest);
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/graphql", 415)]
    [InlineData("application/graphql-response+json", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=UTF-8", 200)]
    [InlineData("application/json; charset=\"utf-8\"", 200)]
    [InlineData("Application/JSON", 200)]
    public async Task A_body_that_is_not_json_in_utf_8_is_refused(string? contentType, int expected)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using HttpResponseMessage response = await PostAsync(server, Hello, contentType: contentType);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_rather_than_expanded()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using var content = new StringContent(Hello, Encoding.UTF8, Json);
        content.Headers.ContentEncoding.Add("gzip");

        await AssertRefusedAsync(await server.Http.PostAsync("", content), 415, ErrorCodes.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\"query\"")]
    [InlineData("""{"query":"{ hello }"} x""")]
    [InlineData("""[{"query":"{ hello }"}]""")]
    [InlineData("{}")]
    [InlineData("""{"query":null}""")]
    [InlineData("""{"query":7}""")]
    [InlineData("""{"query":"{ hello }","operationName":7}""")]
    [InlineData("""{"query":"{ hello }","variables":"{}"}""")]
    [InlineData("""{"query":"{ hello }","variables":[{}]}""")]
    [InlineData("""{"query":"{ hello }","extensions":[]}""")]
    [InlineData("""{"query":"\ud83d"}""")]
    [InlineData("""{"query":"\udc00\ud800"}""")]
    [InlineData("""{"query":"{ hello }","variables":{"a":"\uD83Dx"}}""")]
    public async Task A_body_that_is_not_a_request_gets_400_for_either_type(string body)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        await AssertRefusedAsync(await PostAsync(server, body, Json), 400, ErrorCodes.BadRequest);
        await AssertRefusedAsync(await PostAsync(server, body, GraphQLResponse), 400, ErrorCodes.BadRequest);

        Assert.Empty(executor.Requests);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf_8_are_refused()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using var content = new ByteArrayContent([.. """{"query":"{ hello } #"""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(Json);

        await AssertRefusedAsync(await server.Http.PostAsync("", content), 400, ErrorCodes.BadRequest);
    }

    [Fact]
    public async Task Parameters_reach_the_executor_except_unknown_ones_and_null()
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        await PostAsync(server, """{"x":[{}],"operationName":"A","variables":{"a":"\ud83c\udfc3 \\ud83c"},"extensions":{"b":1},"query":"{ hello }"}""");
        await PostAsync(server, """{"query":"{ hello }","operationName":null,"variables":null,"extensions":null}""");

        GraphQLRequest[] requests = [.. executor.Requests];
        Assert.Equal("A", requests[0].OperationName);
        Assert.Equal("🏃 \\ud83c", requests[0].Variables.GetProperty("a").GetString());
        Assert.Equal(1, requests[0].Extensions.GetProperty("b").GetInt32());
        Assert.Null(requests[1].OperationName);
        Assert.Equal(JsonValueKind.Undefined, requests[1].Variables.ValueKind);
        Assert.Equal(JsonValueKind.Undefined, requests[1].Extensions.ValueKind);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    public async Task A_body_over_the_limit_gets_413(int over, int expected)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor(), options => options.MaxRequestBytes = 20_000);
        string body = Hello.PadRight(20_000 + over);

        using HttpResponseMessage withLength = await PostAsync(server, body);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body, Encoding.UTF8, Json) };
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage withoutLength = await server.Http.SendAsync(chunked);

        Assert.Equal(expected, (int)withLength.StatusCode);
        Assert.Equal(expected, (int)withoutLength.StatusCode);
    }

    [Theory]
    [InlineData(62, 200)]
    [InlineData(63, 400)]
    public async Task Variables_nest_as_deep_as_the_limit(int depth, int expected)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        string variables = new string('[', depth) + new string(']', depth);

        using HttpResponseMessage response = await PostAsync(server, $$$"""{"query":"{ hello }","variables":{"a":{{{variables}}}}}""");

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(ErrorCodes.SyntaxError, 400, 200)]
    [InlineData(ErrorCodes.ValidationFailed, 400, 200)]
    [InlineData(ErrorCodes.OperationResolutionFailure, 400, 200)]
    [InlineData(ErrorCodes.BadUserInput, 400, 200)]
    [InlineData(ErrorCodes.LimitExceeded, 400, 200)]
    [InlineData(ErrorCodes.Unauthenticated, 401, 200)]
    [InlineData(ErrorCodes.Forbidden, 403, 200)]
    [InlineData(ErrorCodes.Internal, 500, 500)]
    [InlineData(ErrorCodes.Unavailable, 503, 503)]
    [InlineData(ErrorCodes.Timeout, 503, 503)]
    public async Task The_status_of_a_request_error_follows_its_code_and_the_type(string code, int graphQLResponse, int json)
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("{ wrong }", StubResult.RequestError("wrong", code)));

        await AssertRefusedAsync(await PostAsync(server, """{"query":"{ wrong }"}""", GraphQLResponse), graphQLResponse, code);
        await AssertRefusedAsync(await PostAsync(server, """{"query":"{ wrong }"}""", Json), json, code);
    }

    [Theory]
    [InlineData("""{"query":"{ hello }"}""", 200)]
    [InlineData("""{"query":"{ half }"}""", 294)]
    [InlineData("{", 400)]
    [InlineData("""{"query":"{ hello }","variables":{"a":"\ud83d"}}""", 400)]
    [InlineData("{}", 422)]
    [InlineData("""{"query":7}""", 422)]
    [InlineData("""{"query":"{ BAD_USER_INPUT }"}""", 422)]
    [InlineData("""{"query":"{ GRAPHQL_VALIDATION_FAILED }"}""", 422)]
    [InlineData("""{"query":"{ GRAPHQL_SYNTAX_ERROR }"}""", 400)]
    [InlineData("""{"query":"{ UNAUTHENTICATED }"}""", 401)]
    [InlineData("""{"query":"{ INTERNAL }"}""", 500)]
    [InlineData("""{"query":"{ UNAVAILABLE }"}""", 503)]
    public async Task The_draft_of_2026_has_its_own_statuses_for_either_type(string body, int expected)
    {
        StubExecutor executor = new StubExecutor().Answer(
            "{ half }", new StubResult("""{"errors":[],"data":null}""", hasData: true, new GraphQLError("x", ErrorCodes.Internal)));
        foreach (string code in (string[])[
            ErrorCodes.BadUserInput, ErrorCodes.ValidationFailed, ErrorCodes.SyntaxError, ErrorCodes.Unauthenticated, ErrorCodes.Internal,
            ErrorCodes.Unavailable])
            executor.Answer($"{{ {code} }}", StubResult.RequestError("wrong", code));
        await using TransportServer server = await TransportServer.StartAsync(executor, options => options.StatusCodes = StatusCodeProfile.Draft2026);

        using HttpResponseMessage graphQLResponse = await PostAsync(server, body, GraphQLResponse);
        using HttpResponseMessage json = await PostAsync(server, body, Json);

        Assert.Equal((expected, expected), ((int)graphQLResponse.StatusCode, (int)json.StatusCode));
    }

    [Fact]
    public async Task The_draft_of_2026_uses_422_for_wrong_parameters_of_a_get_request()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor(), options => options.StatusCodes = StatusCodeProfile.Draft2026);

        using HttpResponseMessage response = await GetAsync(server, "?variables={}");

        Assert.Equal(422, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(GraphQLResponse)]
    [InlineData(Json)]
    public async Task Data_with_errors_gets_200(string accept)
    {
        var partial = new StubResult("""{"errors":[],"data":null}""", hasData: true, new GraphQLError("x", ErrorCodes.Internal));
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("{ half }", partial));

        using HttpResponseMessage response = await PostAsync(server, """{"query":"{ half }"}""", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_internal_error_shows_an_id_and_nothing_else()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("{ fail }", (_, _) => throw new InvalidOperationException("Host=db;Password=secret")));

        using HttpResponseMessage response = await PostAsync(server, """{"query":"{ fail }"}""");

        JsonElement error = await AssertRefusedAsync(response, 500, ErrorCodes.Internal);
        Assert.DoesNotContain("secret", error.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(32, error.GetProperty("extensions").GetProperty("errorId").GetString()!.Length);
    }

    [Theory]
    [InlineData("PUT", false)]
    [InlineData("DELETE", false)]
    [InlineData("PATCH", false)]
    [InlineData("PATCH", true)]
    [InlineData("OPTIONS", true)]
    public async Task Other_methods_get_405_with_the_allowed_ones(string method, bool hasSharedStreams)
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor(), options => options.EnableSingleConnectionMode = hasSharedStreams);
        using var request = new HttpRequestMessage(new HttpMethod(method), "");

        using HttpResponseMessage response = await server.Http.SendAsync(request);

        await AssertRefusedAsync(response, 405, ErrorCodes.BadRequest);
        Assert.Equal(hasSharedStreams ? ["GET", "POST", "PUT", "DELETE"] : ["GET", "POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_subscription_by_post_gets_a_hint_to_use_a_web_socket()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using HttpResponseMessage response = await PostAsync(server, """{"query":"subscription { tick }"}""", Json);

        JsonElement error = await AssertRefusedAsync(response, 400, ErrorCodes.BadRequest);
        Assert.Contains("WebSocket", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_get_request_has_its_parameters_in_the_URL()
    {
        var executor = new StubExecutor();
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using HttpResponseMessage response = await GetAsync(
            server, "?query={ hello }&operationName=A&variables={\"a\":1}&extensions=", ("Accept", GraphQLResponse));

        Assert.Equal("""{"data":{"hello":"world"}}""", await response.Content.ReadAsStringAsync());
        GraphQLRequest request = Assert.Single(executor.Requests);
        Assert.Equal("A", request.OperationName);
        Assert.Equal(1, request.Variables.GetProperty("a").GetInt32());
        Assert.Equal(JsonValueKind.Undefined, request.Extensions.ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?query=")]
    [InlineData("?query={ hello }&query={ hello }")]
    [InlineData("?query={ hello }&variables=[]")]
    [InlineData("?query={ hello }&variables={")]
    [InlineData("?query={ hello }&variables={} {}")]
    [InlineData("?query={ hello }&extensions=1")]
    public async Task A_get_request_with_wrong_parameters_gets_400(string query)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        await AssertRefusedAsync(await GetAsync(server, query), 400, ErrorCodes.BadRequest);
    }

    [Theory]
    [InlineData("mutation { go }")]
    [InlineData("subscription { tick }")]
    public async Task Only_queries_may_be_sent_with_get(string query)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using HttpResponseMessage response = await GetAsync(server, "?query=" + query, ("Accept", Json));

        await AssertRefusedAsync(response, 405, ErrorCodes.BadRequest);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData(GetPreflight.CrossSite, true)]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "same-origin", "Cookie", "a=b")]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "none", "Cookie", "a=b")]
    [InlineData(GetPreflight.CrossSite, false, "Sec-Fetch-Site", "cross-site")]
    [InlineData(GetPreflight.CrossSite, false, "Sec-Fetch-Site", "same-site")]
    [InlineData(GetPreflight.CrossSite, false, "Sec-Fetch-Site", "cross-site", "Accept", Json)]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "cross-site", "GraphQL-Preflight", "1")]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "cross-site", "X-Requested-With", "fetch")]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "cross-site", "apollo-require-preflight", "true")]
    [InlineData(GetPreflight.CrossSite, false, "Cookie", "a=b")]
    [InlineData(GetPreflight.CrossSite, false, "Referer", "https://evil.example/")]
    [InlineData(GetPreflight.CrossSite, false, "Origin", "https://evil.example", "Accept", "image/*,*/*;q=0.8")]
    [InlineData(GetPreflight.CrossSite, true, "Cookie", "a=b", "Accept", GraphQLResponse)]
    [InlineData(GetPreflight.CrossSite, false, "Cookie", "a=b", "Accept", "text/event-stream")]
    [InlineData(GetPreflight.CrossSite, false, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example", "Accept", "text/event-stream")]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "same-origin", "Cookie", "a=b", "Accept", "text/event-stream")]
    [InlineData(GetPreflight.CrossSite, true, "Sec-Fetch-Site", "cross-site", "Origin", "https://app.example", "Accept", "text/event-stream")]
    [InlineData(GetPreflight.CrossSite, false, "Sec-Fetch-Site", "cross-site", "Referer", "https://app.example/", "Accept", "text/event-stream")]
    [InlineData(GetPreflight.Always, false, "Accept", GraphQLResponse)]
    [InlineData(GetPreflight.Always, true, "GraphQL-Preflight", "1")]
    [InlineData(GetPreflight.Never, true, "Sec-Fetch-Site", "cross-site")]
    public async Task A_query_that_another_site_could_have_sent_needs_a_preflight_header(GetPreflight rule, bool isAnswered, params string[] headers)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor(), options =>
        {
            options.GetPreflight = rule;
            options.AllowedSocketOrigins.Add("https://app.example");
        });

        using HttpResponseMessage response = await GetAsync(server, "?query={ hello }", [.. headers.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.Equal(isAnswered ? 200 : 400, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_person_with_a_browser_gets_a_page_that_loads_nothing()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        (string, string) accept = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        using HttpResponseMessage response = await GetAsync(server, "", accept);
        string page = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("This is a GraphQL endpoint", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disconnecting_client_cancels_its_operation()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using var leaving = new CancellationTokenSource();

        using var content = new StringContent("""{"query":"{ wait }"}""", Encoding.UTF8, Json);
        Task<HttpResponseMessage> request = server.Http.PostAsync("", content, leaving.Token);
        await begun.WaitAsync(TimeSpan.FromSeconds(20));
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await cancelled.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static Task<HttpResponseMessage> PostAsync(TransportServer server, string body, string? accept = null, string? contentType = Json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body) };
        request.Content.Headers.Remove("Content-Type");
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return server.Http.SendAsync(request);
    }

    private static Task<HttpResponseMessage> GetAsync(TransportServer server, string query, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, query);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return server.Http.SendAsync(request);
    }

    /// <summary>The one error of a refusal, which has no <c>data</c>.</summary>
    private static async Task<JsonElement> AssertRefusedAsync(HttpResponseMessage response, int status, string code)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        JsonElement answer = JsonElement.Parse(body);
        Assert.False(answer.TryGetProperty("data", out _));
        JsonElement error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.Equal(code, error.GetProperty("extensions").GetProperty("code").GetString());
        return error;
    }
}
