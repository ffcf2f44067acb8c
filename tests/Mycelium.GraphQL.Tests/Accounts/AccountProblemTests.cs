using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>
/// Every refusal of <c>/account</c> has the same form, with a code from docs/errors.md, and a caller's mistake is not logged as an error.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class AccountProblemTests(ApiHost host)
{
    private const string Json = "application/json";
    private static readonly string page = File.ReadAllText(RepositoryRoot.Combine("docs", "errors.md"));

    [Theory]
    [InlineData("login", "{ not json", Json, 400, "BAD_REQUEST")]
    [InlineData("login", "", Json, 400, "BAD_REQUEST")]
    [InlineData("login", "null", Json, 400, "BAD_REQUEST")]
    [InlineData("login", "[]", Json, 400, "BAD_REQUEST")]
    [InlineData("login", "\"text\"", Json, 400, "BAD_REQUEST")]
    [InlineData("login", "{}", Json, 400, "BAD_REQUEST")]
    [InlineData("login", """{"email":"a@example.org"}""", Json, 400, "BAD_REQUEST")]
    [InlineData("login", """{"email":null,"password":null}""", Json, 400, "BAD_REQUEST")]
    [InlineData("login", """{"email":5,"password":true}""", Json, 400, "BAD_REQUEST")]
    [InlineData("login", """{"email":"\ud800@example.org","password":"x"}""", Json, 400, "BAD_REQUEST")]
    [InlineData("login?useCookies=perhaps", """{"email":"a@example.org","password":"x"}""", Json, 400, "BAD_REQUEST")]
    [InlineData("login", """{"email":"a\u0000@example.org","password":"x"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("login", "email=a", "application/x-www-form-urlencoded", 415, "BAD_REQUEST")]
    [InlineData("login", "{}", "text/plain", 415, "BAD_REQUEST")]
    [InlineData("login", "{}", "application/json; charset=utf-16", 415, "BAD_REQUEST")]
    [InlineData("login", "{}", "application/json; charset=none-of-the-known", 415, "BAD_REQUEST")]
    [InlineData("login", """{"email":"nobody@example.org","password":"Wrong-Horse-1"}""", Json, 401, "UNAUTHENTICATED")]
    [InlineData("register", """{"email":null,"password":null}""", Json, 400, "BAD_REQUEST")]
    [InlineData("register", """{"email":"nowhere","password":"Correct-Horse-1"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("register", """{"email":"","password":"Correct-Horse-1"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("register", """{"email":"a@example.org","password":""}""", Json, 400, "INVALID_INPUT")]
    [InlineData("register", """{"email":"\u0000@example.org","password":"Correct-Horse-1"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("refresh", """{"refreshToken":"none of ours"}""", Json, 401, "UNAUTHENTICATED")]
    [InlineData("refresh", """{"refreshToken":null}""", Json, 400, "BAD_REQUEST")]
    [InlineData("resetPassword", """{"email":"a@example.org","resetCode":"x","newPassword":"Correct-Horse-1"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("login?useCookies=true", """{"email":"a@example.org","password":"Correct-Horse-1"}""", Json, 501, "COOKIES_UNAVAILABLE")]
    [InlineData("login?useSessionCookies=true", """{"email":"a@example.org","password":"Correct-Horse-1"}""", Json, 501, "COOKIES_UNAVAILABLE")]
    [InlineData("register", """{"email":"a,b@example.org","password":"Correct-Horse-1"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("forgotPassword", """{"email":"a\u0000@example.org"}""", Json, 400, "INVALID_INPUT")]
    [InlineData("forgotPassword", "{ not json", Json, 400, "BAD_REQUEST")]
    [InlineData("manage/info", "{}", Json, 401, "UNAUTHENTICATED")]
    [InlineData("manage/2fa", "{}", Json, 401, "UNAUTHENTICATED")]
    [InlineData("nothing/here", "{}", Json, 404, "BAD_REQUEST")]
    [InlineData("nothing/here", "{}", "text/plain", 404, "BAD_REQUEST")]
    [InlineData("", "{}", Json, 404, "BAD_REQUEST")]
    [InlineData("confirmEmail", "{}", Json, 405, "BAD_REQUEST")]
    public async Task A_mistake_gets_its_code_and_is_not_logged_as_an_error(string path, string body, string contentType, int status, string code)
    {
        using var log = new ErrorLog(host.Replica);
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using HttpResponseMessage response = await host.Anyone.SendAsync(HttpMethod.Post, $"/account/{path}", content);

        await AssertProblemAsync(response, status, code);
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("manage/info", 401, "UNAUTHENTICATED")]
    [InlineData("confirmEmail?userId=x&code=y", 401, "UNAUTHENTICATED")]
    [InlineData("confirmEmail?userId=7c9e6679-7425-40de-944b-e07fc1f90ae7&code=*", 401, "UNAUTHENTICATED")]
    [InlineData("confirmEmail", 400, "BAD_REQUEST")]
    [InlineData("login", 405, "BAD_REQUEST")]
    [InlineData("nothing", 404, "BAD_REQUEST")]
    public async Task A_GET_request_gets_the_same_form(string path, int status, string code)
    {
        using HttpResponseMessage response = await host.Anyone.SendAsync(HttpMethod.Get, $"/account/{path}", accept: "text/html");

        await AssertProblemAsync(response, status, code);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_the_limit()
    {
        using var content = new StringContent($$"""{"email":"{{new string('a', Limits.RequestBytesMax)}}","password":"x"}""", Encoding.UTF8, Json);

        using HttpResponseMessage response = await host.Anyone.SendAsync(HttpMethod.Post, "/account/login", content);

        JsonElement problem = await AssertProblemAsync(response, 413, "LIMIT_EXCEEDED");
        Assert.Equal(Limits.RequestBytesMax, problem.GetProperty("max").GetInt32());
    }

    [Fact]
    public async Task A_weak_password_is_refused_with_every_rule_that_it_breaks()
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync("/account/register", new { email = host.NewEmail(), password = "a" });

        JsonElement problem = await AssertProblemAsync(response, 400, "INVALID_INPUT");
        string[] rules = [.. problem.GetProperty("errors").EnumerateObject().Select(rule => rule.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["PasswordRequiresDigit", "PasswordRequiresNonAlphanumeric", "PasswordRequiresUpper", "PasswordTooShort"], rules);
        Assert.All(rules, rule => Assert.Contains($"`{rule}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invalid_address_is_not_echoed_at_length()
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync(
            "/account/register", new { email = new string('a', 100_000), password = ApiHost.Password });

        await AssertProblemAsync(response, 400, "INVALID_INPUT");
        Assert.InRange((await response.Content.ReadAsStringAsync()).Length, 1, 2_000);
    }

    [Fact]
    public async Task An_address_longer_than_its_column_is_invalid_input()
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync(
            "/account/register", new { email = new string('a', 300) + "@example.org", password = ApiHost.Password });

        await AssertProblemAsync(response, 400, "INVALID_INPUT");
    }

    [Fact]
    public async Task Concurrent_sign_ups_with_one_address_get_the_same_response_and_create_one_account()
    {
        var account = new { email = host.NewEmail(), password = ApiHost.Password };

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Anyone.PostAsync("/account/register", account)));

        foreach (HttpResponseMessage response in responses)
            Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(1L, await host.ScalarAsync("SELECT count(*) FROM accounts WHERE email = $1", account.email));
        Array.ForEach(responses, response => response.Dispose());
    }

    [Fact]
    public async Task A_wrong_password_gets_the_same_response_whether_the_account_exists_is_missing_or_locked()
    {
        string email = await RegisteredAsync();
        string existing = await RefusalAsync(email, "Wrong-Horse-1");
        for (int attempt = 1; attempt < 10; attempt++)
            await RefusalAsync(email, "Wrong-Horse-1");

        string locked = await RefusalAsync(email, ApiHost.Password);

        Assert.Equal(existing, locked);
        Assert.Equal(existing, await RefusalAsync(host.NewEmail(), "Wrong-Horse-1"));
        Assert.Contains("locked", existing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_Development_without_a_mail_server_requests_that_need_mail_are_refused_alike_for_every_address()
    {
        await using Replica production = host.StartReplica(
            ("environment", "Production"), ("Mail:Directory", ""), ("Accounts:RequireConfirmedEmail", "true"), ("Accounts:CallsPerMinute", "1000"));
        string email = await RegisteredAsync();
        await host.SqlAsync("UPDATE accounts SET email_confirmed = true WHERE email = $1", email);
        Api caller = host.Client(await TokenAsync(email, ApiHost.Password), production.Address);
        foreach (string address in (string[])[email, host.NewEmail()])
        {
            foreach ((string path, object body) in (IEnumerable<(string, object)>)
                [
                    ("register", new { email = address, password = ApiHost.Password }),
                    ("forgotPassword", new { email = address }), ("resendConfirmationEmail", new { email = address }),
                    ("resetPassword", new { email = address, resetCode = "x", newPassword = ApiHost.Password }),
                    ("manage/info", new { newEmail = $"new-{address}" }),
                ])
            {
                using HttpResponseMessage response = await caller.PostAsync($"/account/{path}", body);

                await AssertProblemAsync(response, 501, "MAIL_UNAVAILABLE");
            }
        }
        using HttpResponseMessage link = await caller.GetAsync("/account/confirmEmail?userId=x&code=y");
        await AssertProblemAsync(link, 501, "MAIL_UNAVAILABLE");
    }

    [Fact]
    public async Task After_a_password_change_the_caller_signs_in_again_with_the_new_password()
    {
        string email = await RegisteredAsync();
        Api caller = host.Client(await TokenAsync(email, ApiHost.Password));

        using HttpResponseMessage password = await caller.PostAsync(
            "/account/manage/info", new { oldPassword = ApiHost.Password, newPassword = "Another-Horse-2", newEmail = (string?)null });

        Assert.Equal(HttpStatusCode.OK, password.StatusCode);
        Assert.NotEmpty(await TokenAsync(email, "Another-Horse-2"));
        await Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage after = await caller.GetAsync("/account/manage/info");
                return after.StatusCode == HttpStatusCode.Unauthorized;
            },
            "the previous token is no longer valid");
    }

    [Fact]
    public async Task An_account_with_a_second_factor_is_asked_for_it()
    {
        string email = await RegisteredAsync();
        await using (AsyncServiceScope scope = host.Replica.Services.CreateAsyncScope())
        {
            var accounts = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Account>>();
            Account account = (await accounts.FindByEmailAsync(email))!;
            await accounts.ResetAuthenticatorKeyAsync(account);
            Assert.True((await accounts.SetTwoFactorEnabledAsync(account, true)).Succeeded);
        }

        using HttpResponseMessage response = await host.Anyone.PostAsync("/account/login", new { email, password = ApiHost.Password });

        await AssertProblemAsync(response, 401, "TWO_FACTOR_REQUIRED");
    }

    [Fact]
    public async Task Outside_Development_calls_over_the_limit_are_refused_with_the_limit_and_a_retry_time()
    {
        await using Replica production = host.StartReplica(("environment", "Production"), ("Accounts:CallsPerMinute", "1"));
        using Api caller = host.Client(address: production.Address);
        using HttpResponseMessage first = await caller.PostAsync("/account/refresh", new { refreshToken = "none of ours" });

        using HttpResponseMessage second = await caller.PostAsync("/account/refresh", new { refreshToken = "none of ours" });

        await AssertProblemAsync(first, 401, "UNAUTHENTICATED");
        JsonElement problem = await AssertProblemAsync(second, 429, "LIMIT_EXCEEDED");
        Assert.Equal(("accountCalls", 1), (problem.GetProperty("limit").GetString(), problem.GetProperty("max").GetInt32()));
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Outside_Development_a_body_that_is_not_JSON_gets_the_same_response()
    {
        await using Replica production = host.StartReplica(("environment", "Production"));
        using var content = new StringContent("{ not json", Encoding.UTF8, Json);

        using HttpResponseMessage response = await host.Client(address: production.Address).SendAsync(HttpMethod.Post, "/account/login", content);

        await AssertProblemAsync(response, 400, "BAD_REQUEST");
    }

    [Fact]
    public void The_page_states_the_password_and_lock_rules_of_the_service()
    {
        var rules = host.Replica.Get<IOptions<Microsoft.AspNetCore.Identity.IdentityOptions>>().Value;

        Assert.Contains($"at least {rules.Password.RequiredLength} characters", page, StringComparison.Ordinal);
        Assert.Contains($"{SignInTries.FailuresMax} wrong passwords", page, StringComparison.Ordinal);
        Assert.Contains($"{SignInTries.LockFor.TotalMinutes} minutes", page, StringComparison.Ordinal);
        Assert.Contains($"{SignInTries.FailuresOfNameMax} wrong", page, StringComparison.Ordinal);
        Assert.Contains($"{SignInTries.SlowFor.TotalSeconds} seconds", page, StringComparison.Ordinal);
        Assert.Contains($"{SignInTable.RetryFor.TotalSeconds} seconds", page, StringComparison.Ordinal);
        Assert.Contains($"{MailOutbox.PerHourMax} mails", page, StringComparison.Ordinal);
        Assert.True(
            rules.Password is { RequireDigit: true, RequireLowercase: true, RequireUppercase: true, RequireNonAlphanumeric: true, RequiredUniqueChars: 1 });
    }

    private async Task<string> RegisteredAsync()
    {
        string email = host.NewEmail();
        using HttpResponseMessage registered = await host.Anyone.PostAsync("/account/register", new { email, password = ApiHost.Password });
        Assert.Equal(HttpStatusCode.OK, registered.StatusCode);
        return email;
    }

    private async Task<string> TokenAsync(string email, string password)
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync("/account/login", new { email, password });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    private async Task<string> RefusalAsync(string email, string password)
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync("/account/login", new { email, password });
        return (await AssertProblemAsync(response, 401, "UNAUTHENTICATED")).GetRawText();
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((status, code), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Matches("[.…]$", problem.GetProperty("detail").GetString());
        Assert.DoesNotContain("Microsoft", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Contains($"### {code}\n", page, StringComparison.Ordinal);
        return problem;
    }

    /// <summary>Collects what a replica logs as an error until it is disposed.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly List<string> lines = [];
        private bool isDisposed;

        public ErrorLog(Replica replica) => replica.Get<ILoggerFactory>().AddProvider(this);

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && !isDisposed;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            lock (lines)
                lines.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose() => isDisposed = true;
    }
}
