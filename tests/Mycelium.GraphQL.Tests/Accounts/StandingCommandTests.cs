using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>Runs the commands as an administrator would: the built service, in Production, with the application's role.</summary>
[Collection(ApiCollection.Name)]
public sealed class StandingCommandTests(ApiHost host)
{
    [Fact]
    public async Task Each_command_takes_effect_once_and_writes_an_audit_entry()
    {
        string email = host.NewEmail();
        await host.SignUpAsync(email, ApiHost.Password, Roles.Operator);

        string output = string.Concat(
            await RunAsync("revoke-operator", email), await RunAsync("revoke-operator", email),
            await RunAsync("lock-account", email), await RunAsync("lock-account", email));
        using HttpResponseMessage locked = await host.Anyone.PostAsync("/account/login", new { email, password = ApiHost.Password });
        output += await RunAsync("unlock-account", email);
        Credentials after = await Credentials.SignInAsync(host.Anyone, email);

        Assert.Equal(
            $"""
            0 {email} is no longer an operator. The role ends at every replica within five seconds, whatever the account's tokens say.
            0 {email} is not an operator. Nothing was done.
            0 {email} is locked. Its tokens, sockets and streams end at every replica within five seconds.
            0 {email} is already locked. Nothing was done.
            0 {email} can sign in again.

            """,
            output);
        Assert.Equal(401, (int)locked.StatusCode);
        Assert.Equal(["RENTER"], await host.Client(after.AccessToken).RolesAsync());
        Assert.Equal(
            "OperatorRevoked AccountLocked AccountUnlocked",
            await host.ScalarAsync(
                """
                SELECT string_agg(action, ' ' ORDER BY entry.id) FROM audit_entries AS entry JOIN accounts ON accounts.id = account_id
                WHERE email = $1 AND actor = 'Command'
                """,
                email));
    }

    /// <summary>For people who have lost their authenticator and recovery codes, and for factors whose key is lost.</summary>
    [Fact]
    public async Task A_lost_second_factor_can_be_removed()
    {
        string email = host.NewEmail();
        await host.SignUpAsync(email, ApiHost.Password);
        await host.SqlAsync("UPDATE accounts SET two_factor_enabled = true WHERE email = $1", email);
        await host.SqlAsync(
            """
            INSERT INTO account_tokens (user_id, login_provider, name, value)
            SELECT id, '[AspNetUserStore]', 'AuthenticatorKey', 'sealed:of-a-key-that-is-lost' FROM accounts WHERE email = $1
            """,
            email);
        using HttpResponseMessage unreadable = await host.Anyone.PostAsync(
            "/account/login", new { email, password = ApiHost.Password, twoFactorCode = "123456" });

        string output = await RunAsync("remove-second-factor", email) + await RunAsync("remove-second-factor", email);

        Assert.Equal(401, (int)unreadable.StatusCode);
        Assert.Equal(
            $"""
            0 {email} now signs in with its password alone. Its tokens end at every replica within five seconds.
            0 {email} has no second factor. Nothing was done.

            """,
            output);
        await Credentials.SignInAsync(host.Anyone, email);
        Assert.Equal(0L, await host.ScalarAsync("SELECT count(*) FROM account_tokens JOIN accounts ON accounts.id = user_id WHERE email = $1", email));
    }

    [Fact]
    public async Task Unknown_accounts_and_wrong_usage_are_reported()
    {
        Assert.Equal(
            "1 No account signs in with nobody@example.org. People sign up at /account/register. Nothing was done.\n",
            await RunAsync("lock-account", "nobody@example.org"));
        Assert.Equal("2 Usage: unlock-account EMAIL, the address that the account signs in with.\n", await RunAsync("unlock-account"));
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        using ChildProcess command = ChildProcess.Start(
            "dotnet", [RepositoryRoot.Combine("src", "Mycelium.GraphQL", "bin", configuration, "net10.0", "Mycelium.GraphQL.dll"), .. arguments],
            new Dictionary<string, string?>
            {
                ["Postgres__ConnectionString"] = PostgresServer.AsApplication(host.ConnectionString),
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
            });
        await command.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return FormattableString.Invariant($"{command.ExitCode} {command.Output}");
    }
}
