using System.Net;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>
/// The service as it ships, outside Development, with insecure settings. Each rule has a unit test; these tests show that the process ends.
/// </summary>
public sealed class GuardTests : IAsyncLifetime
{
    private static readonly (string, string) production = ("ASPNETCORE_ENVIRONMENT", "Production");
    private Cluster cluster = null!;

    public async Task InitializeAsync() => cluster = await Cluster.StartAsync(durable: false, masterCount: 1, isGridSecure: true);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Insecure_settings_end_the_process_with_an_explanation_for_each()
    {
        (_, ChildProcess process) = cluster.StartProcess(
            ApiBuild.Current, clockOffset: null, ("ASPNETCORE_ENVIRONMENT", "Staging"),
            ("Postgres__ConnectionString", "Host=db.example;Username=mycelium;Password=mycelium"),
            ("DataProtection__Certificate", ""), ("AllowedHosts", ""),
            ("Grid__BaseUrl", "http://gridproxy.grid.tf"), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, process.ExitCode);
        string[] sentences =
        [
            "has a password that is easy to guess", "DataProtection:Certificate is not set", "AllowedHosts is not set",
            "Grid:BaseUrl: 'http://gridproxy.grid.tf' is not encrypted", "Proxies:Known",
        ];
        foreach (string sentence in sentences)
            Assert.Contains(sentence, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", process.Output, StringComparison.Ordinal);
    }

    /// <summary>The attack: a single start in Development leaves an operator with the README's password in the database.</summary>
    [Fact]
    public async Task A_database_once_used_in_Development_is_refused_until_its_demo_accounts_are_closed()
    {
        await cluster.AddReplicaAsync();

        (_, ChildProcess refused) = cluster.StartProcess(
            ApiBuild.Current, clockOffset: null, production, ("Postgres__ConnectionString", cluster.ConnectionString));
        await refused.WaitForExitAsync(TimeSpan.FromSeconds(30));
        (int closed, string output) = await RunAsync("close-demo-accounts");
        (int again, string outputAgain) = await RunAsync("close-demo-accounts");
        (_, ChildProcess after) = cluster.StartProcess(ApiBuild.Current, clockOffset: null, production);
        await after.WaitForLineAsync(
            line => line.Contains("lie open in the database", StringComparison.Ordinal) || line.Contains("this replica serves", StringComparison.Ordinal));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("3 accounts of demo.mycelium have a password", refused.Output, StringComparison.Ordinal);
        Assert.Contains("The role mycelium of Postgres:ConnectionString bypasses row-level security, is a superuser", refused.Output, StringComparison.Ordinal);
        Assert.Equal((0, "3 demo accounts were closed: they have no password, role or session. Their rentals stay.\n"), (closed, output));
        Assert.Equal((0, "No demo account had a password. Nothing was done.\n"), (again, outputAgain));
        Assert.DoesNotContain("accounts of demo.mycelium", after.Output, StringComparison.Ordinal);
        using var anonymous = new ApiClient(cluster.Replicas[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => anonymous.LogIn("operator@demo.mycelium", "Demo-Mycelium-1"));
    }

    [Fact]
    public async Task With_two_roles_and_a_certificate_an_empty_database_is_served_and_only_the_management_port_shows_details()
    {
        (Uri replica, _) = await cluster.StartReplicaAsync(ApiBuild.Current, clockOffset: null, production);
        await Eventually.HoldsAsync(async () => (await cluster.ReadyAsync(replica)).Status == 200, "ready", TimeSpan.FromSeconds(30));
        using var http = new HttpClient();

        string everybody = await http.GetStringAsync(new Uri(replica, "/health/ready"));
        using HttpResponseMessage elsewhere = await http.GetAsync(new Uri(cluster.ManagementOf(replica), "/graphql?query={__typename}"));
        using var spoofing = new HttpRequestMessage(HttpMethod.Get, new Uri(replica, "/health/ready"));
        spoofing.Headers.Host = cluster.ManagementOf(replica).Authority;
        spoofing.Headers.Add("X-Forwarded-Host", cluster.ManagementOf(replica).Authority);
        using HttpResponseMessage spoofed = await http.SendAsync(spoofing);

        Assert.Equal("""{"status":"Ok"}""", everybody);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal("""{"status":"Ok"}""", await spoofed.Content.ReadAsStringAsync());
        Assert.Equal("ok", (await cluster.ReadyAsync(replica)).Report.GetProperty("database").GetString());
        await Eventually.HoldsAsync(
            async () => (await cluster.ReadyAsync(replica)).Report.GetProperty("grids")[0].GetProperty("readSecondsAgo").ValueKind == JsonValueKind.Number,
            "the grid is read by https", TimeSpan.FromSeconds(30));
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string command)
    {
        using ChildProcess process = ChildProcess.Start(
            "dotnet", [ApiBuild.Current.Assembly, command],
            new Dictionary<string, string?>
            {
                ["Postgres__ConnectionString"] = PostgresServer.AsApplication(cluster.ConnectionString),
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
            });
        await process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (process.ExitCode, process.Output);
    }
}
