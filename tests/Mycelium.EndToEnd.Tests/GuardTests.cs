using System.Net;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>The service as it ships, outside Development, where something would let somebody in. Each rule has its test next to it; here the process ends by them.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private static readonly (string, string) production = ("ASPNETCORE_ENVIRONMENT", "Production");
    private Cluster cluster = null!;

    public async Task InitializeAsync() => cluster = await Cluster.StartAsync(durable: false, masterCount: 1, isGridSecure: true);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Settings_that_let_somebody_in_end_the_process_with_a_sentence_for_each()
    {
        (_, ChildProcess process) = cluster.StartProcess(
            ApiBuild.Current, clockOffset: null, ("ASPNETCORE_ENVIRONMENT", "Staging"), ("Postgres__ConnectionString", "Host=db.example;Username=mycelium;Password=mycelium"),
            ("DataProtection__Certificate", ""), ("AllowedHosts", ""), ("Grid__BaseUrl", "http://gridproxy.grid.tf"), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, process.ExitCode);
        foreach (string sentence in (string[])["has a password that is easy to guess", "DataProtection:Certificate is not set", "AllowedHosts is not set", "Grid:BaseUrl: 'http://gridproxy.grid.tf' is not encrypted", "Proxies:Known"])
            Assert.Contains(sentence, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", process.Output, StringComparison.Ordinal);
    }

    /// <summary>The attack: one start in Development leaves an operator with the README's password behind.</summary>
    [Fact]
    public async Task A_database_that_was_started_in_Development_is_refused_until_its_demo_accounts_are_closed()
    {
        await cluster.AddReplicaAsync();

        (_, ChildProcess refused) = cluster.StartProcess(ApiBuild.Current, clockOffset: null, production, ("Postgres__ConnectionString", cluster.ConnectionString));
        await refused.WaitForExitAsync(TimeSpan.FromSeconds(30));
        (int closed, string said) = await RunAsync("close-demo-accounts");
        (int again, string saidAgain) = await RunAsync("close-demo-accounts");
        (_, ChildProcess after) = cluster.StartProcess(ApiBuild.Current, clockOffset: null, production);
        await after.WaitForLineAsync(line => line.Contains("lie open in the database", StringComparison.Ordinal) || line.Contains("this replica serves", StringComparison.Ordinal));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("3 accounts of demo.mycelium have a password", refused.Output, StringComparison.Ordinal);
        Assert.Contains("The role mycelium of Postgres:ConnectionString bypasses row-level security, is a superuser", refused.Output, StringComparison.Ordinal);
        Assert.Equal((0, "3 demo accounts were closed: they have no password, role or session. Their rentals stay.\n"), (closed, said));
        Assert.Equal((0, "No demo account had a password. Nothing was done.\n"), (again, saidAgain));
        Assert.DoesNotContain("accounts of demo.mycelium", after.Output, StringComparison.Ordinal);
        using var nobody = new ApiClient(cluster.Replicas[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => nobody.LogIn("operator@demo.mycelium", "Demo-Mycelium-1"));
    }

    [Fact]
    public async Task With_two_roles_and_a_certificate_an_empty_database_is_served_and_only_the_management_port_says_how()
    {
        (Uri replica, _) = await cluster.StartReplicaAsync(ApiBuild.Current, clockOffset: null, production);
        await Eventually.HoldsAsync(async () => (await cluster.ReadyAsync(replica)).Status == 200, "ready", TimeSpan.FromSeconds(30));
        using var http = new HttpClient();

        string everybody = await http.GetStringAsync(new Uri(replica, "/health/ready"));
        using HttpResponseMessage elsewhere = await http.GetAsync(new Uri(cluster.ManagementOf(replica), "/graphql?query={__typename}"));
        using var pretending = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, "/health/ready"));
        pretending.Headers.Host = cluster.ManagementOf(replica).Authority;
        pretending.Headers.Add("X-Forwarded-Host", cluster.ManagementOf(replica).Authority);
        using HttpResponseMessage pretended = await http.SendAsync(pretending);

        Assert.Equal("""{"status":"Ok"}""", everybody);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal("""{"status":"Ok"}""", await pretended.Content.ReadAsStringAsync());
        Assert.Equal("ok", (await cluster.ReadyAsync(replica)).Report.GetProperty("database").GetString());
        await Eventually.HoldsAsync(
            async () => (await cluster.ReadyAsync(replica)).Report.GetProperty("grids")[0].GetProperty("readSecondsAgo").ValueKind == System.Text.Json.JsonValueKind.Number, "the grid is read by https", TimeSpan.FromSeconds(30));
    }

    private async Task<(int ExitCode, string Said)> RunAsync(string command)
    {
        using ChildProcess process = ChildProcess.Start(
            "dotnet", [ApiBuild.Current.Assembly, command],
            new Dictionary<string, string?> { ["Postgres__ConnectionString"] = PostgresServer.AsApplication(cluster.ConnectionString), ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        await process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, process.Output);
    }
}
