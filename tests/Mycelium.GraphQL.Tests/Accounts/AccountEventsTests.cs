using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>Account events are logged under machine-readable names and without secrets or personal data.</summary>
[Collection(ApiCollection.Name)]
public sealed class AccountEventsTests(ApiHost host)
{
    [Fact]
    public async Task Each_event_is_logged_by_name_without_address_password_or_token()
    {
        var log = new Listener();
        await using Replica replica = host.StartReplica(
            services => services.AddLogging(logging => logging.AddProvider(log).AddFilter<Listener>(null, LogLevel.Information)));
        Api anyone = host.Client(address: replica.Address);
        string email = host.NewEmail();
        const string password = "Canary-Horse-77", newPassword = "Canary-Goose-88";

        (await anyone.PostAsync("/account/register", new { email, password })).Dispose();
        (await anyone.PostAsync("/account/register", new { email, password })).Dispose();
        (await anyone.PostAsync("/account/login", new { email, password = "Canary-Wrong-99" })).Dispose();
        (await anyone.PostAsync("/account/login", new { email = $"nobody-{email}", password = "Canary-Wrong-99" })).Dispose();
        Credentials tokens = await Credentials.SignInAsync(anyone, email, password);
        Api owner = host.Client(tokens.AccessToken, replica.Address);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal("FORBIDDEN", await owner.MutationErrorCodeAsync(
                "depositFunds", new { accountId = Engine.Relay.NodeId.Encode("Account", Guid.NewGuid()), amount = 1, idempotencyKey = host.NewKey() }));
        }
        Credentials next = (await tokens.RefreshAsync(anyone))!;
        await next.RefreshAsync(anyone);
        await tokens.RefreshAsync(anyone);
        (await host.Client((await Credentials.SignInAsync(anyone, email, password)).AccessToken, replica.Address)
            .PostAsync("/account/manage/info", new { oldPassword = password, newPassword, newEmail = $"new-{email}" })).Dispose();

        string account = (string)(await host.ScalarAsync("SELECT id::text FROM accounts WHERE email = $1", email))!;
        string[] names = [.. log.Lines.Select(line => line.Name ?? "")];
        Assert.All(
            (string[])["SignedUp", "SignUpRepeated", "SignInFailed", "SignedIn", "RightsRefused", "SignInEnded", "PasswordChanged", "AddressChanged"],
            name => Assert.Contains(name, names));
        Assert.InRange(names.Count(name => name == "RightsRefused"), 1, 2); // At most one a minute, and a minute may end in between.
        Assert.All(
            log.Lines.Where(line => line.Name is "SignedIn" or "RightsRefused" or "PasswordChanged"),
            line => Assert.Contains(account, line.Text, StringComparison.Ordinal));
        Assert.All(log.Lines, line =>
        {
            foreach (string secret in (string[])[email, "Canary", tokens.AccessToken, tokens.RefreshToken, next.AccessToken, next.RefreshToken])
                Assert.DoesNotContain(secret, line.Text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1::/48")]
    [InlineData(null, "")]
    public void A_caller_is_logged_by_its_network(string? address, string network) =>
        Assert.Equal(network, AccountEvents.Network(address is null ? null : IPAddress.Parse(address)));

    private sealed class Listener : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(string? Name, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((eventId.Name, $"{formatter(state, exception)} {exception}"));

        public void Dispose()
        {
        }
    }
}
