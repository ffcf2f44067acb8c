using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>Runs the command as the operator of a new market would: the built service, in Production.</summary>
[Collection(ApiCollection.Name)]
public sealed class GrantOperatorCommandTests(ApiHost host)
{
    [Fact]
    public async Task An_account_becomes_an_operator_and_a_second_run_changes_nothing()
    {
        string email = host.NewEmail();
        using HttpResponseMessage registered = await host.Anyone.PostAsync("/account/register", new { email, password = ApiHost.Password });

        (int first, string output) = await RunAsync(PostgresServer.AsApplication(host.ConnectionString), email.ToUpperInvariant());
        (int second, string outputAgain) = await RunAsync(PostgresServer.AsApplication(host.ConnectionString), email);

        Assert.Equal((HostCommand.Done, HostCommand.Done), (first, second));
        Assert.Equal(
            $"{email.ToUpperInvariant()} is now an operator. The role takes effect within a second, also with the account's current token.\n", output);
        Assert.Equal($"{email} is already an operator. Nothing was done.\n", outputAgain);
        using HttpResponseMessage signedIn = await host.Anyone.PostAsync("/account/login", new { email, password = ApiHost.Password });
        Api caller = host.Client((await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        Assert.Equal("""["RENTER","OPERATOR"]""", (await caller.DataAsync("{ me { roles } }")).GetProperty("me").GetProperty("roles").GetRawText());
        Refusal.AssertIs(
            "AccountNotFound", await caller.MutateAsync("grantPartner", new { accountId = Engine.Relay.NodeId.Encode("Account", Guid.NewGuid()) }));
    }

    [Fact]
    public async Task An_unknown_address_is_reported()
    {
        (int exitCode, string output) = await RunAsync(PostgresServer.AsApplication(host.ConnectionString), "nobody@example.org");

        Assert.Equal(StandingCommand.NoSuchAccount, exitCode);
        Assert.Equal("No account signs in with nobody@example.org. People sign up at /account/register. Nothing was done.\n", output);
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("one@example.org", "two@example.org")]
    public async Task It_takes_exactly_one_address(params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(PostgresServer.AsApplication(host.ConnectionString), arguments);

        Assert.Equal(HostCommand.WrongUse, exitCode);
        Assert.StartsWith("Usage: grant-operator EMAIL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_respond_or_has_no_tables_is_reported()
    {
        string empty = PostgresServer.AsApplication(await (await PostgresServer.Shared).CreateDatabaseAsync());

        (int gone, string goneOutput) = await RunAsync($"Host=127.0.0.1;Port={FreePort.Next()};Username=a;Password=b;Database=c", "a@example.org");
        (int bare, string bareOutput) = await RunAsync(empty, "a@example.org");

        Assert.Equal((HostCommand.NoDatabase, HostCommand.NoDatabase), (gone, bare));
        Assert.StartsWith("The database of Postgres:ConnectionString does not respond: ", goneOutput, StringComparison.Ordinal);
        Assert.Equal("The database has no tables yet, or its role may not read them. Start a replica that migrates it first.\n", bareOutput);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string connectionString, params string[] arguments)
    {
        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        string assembly = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "bin", configuration, "net10.0", "Mycelium.GraphQL.dll");
        using ChildProcess command = ChildProcess.Start(
            "dotnet", [assembly, "grant-operator", .. arguments],
            new Dictionary<string, string?> { ["Postgres__ConnectionString"] = connectionString, ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        await command.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (command.ExitCode, command.Output);
    }
}
