using Microsoft.Extensions.Configuration;
using Mycelium.GraphQL.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>The rules on settings. <c>GuardTests</c> of the end-to-end tests shows that they end the process.</summary>
public sealed class ProductionGuardTests
{
    private const string Application = "Host=db.example;Username=mycelium_app;Password=J7kq-2Zp0-xW1r;Database=mycelium";

    [Fact]
    public void Good_settings_are_accepted() => Assert.Empty(Find());

    [Theory]
    [InlineData(
        "Postgres:ConnectionString", "Host=db.example;Username=app;Password=mycelium", "Postgres:ConnectionString has a password that is easy to guess")]
    [InlineData("Postgres:ConnectionString", "Host=127.0.0.1;Username=app;Password=Postgres", "has a password that is easy to guess")]
    [InlineData("Postgres:ConnectionString", "Host=db.example;Username=app-7;Password=APP-7", "has a password that is easy to guess")]
    [InlineData(
        "Postgres:MigratorConnectionString", "Host=db.example;Username=owner;Password=owner",
        "Postgres:MigratorConnectionString has a password that is easy to guess")]
    [InlineData("Postgres:ConnectionString", "Host=db.example;Username=app", "has no password, and the database server is on another machine")]
    [InlineData("Postgres:ConnectionString", "Host=127.0.0.1,db.example;Username=app", "has no password, and the database server is on another machine")]
    [InlineData("Postgres:ConnectionString", "no connection string", "Postgres:ConnectionString is invalid")]
    [InlineData("DataProtection:Certificate", "", "DataProtection:Certificate is not set")]
    [InlineData(
        "DataProtection:Certificate", "/nowhere/key-ring.pem",
        "DataProtection:Certificate: '/nowhere/key-ring.pem' cannot be read as a certificate with its private key")]
    [InlineData("AllowedHosts", "", "AllowedHosts is not set")]
    [InlineData("AllowedHosts", "*", "AllowedHosts is not set")]
    [InlineData("AllowedHosts", "market.example; *", "AllowedHosts is not set")]
    [InlineData("AllowedHosts", "[::]", "AllowedHosts is not set")]
    [InlineData("Mail:Host", "smtp.example", "Mail:From or Mail:PublicAddress is not set")]
    [InlineData("ForwardedHeaders_Enabled", "true", "list your proxies in Proxies:Known")]
    [InlineData("Grids:main:BaseUrl", "http://gridproxy.grid.tf", "Grids:main:BaseUrl: 'http://gridproxy.grid.tf' is not encrypted")]
    public void An_insecure_setting_is_refused_with_what_to_do(string name, string value, string sentence) =>
        Assert.Contains(sentence, Assert.Single(Find((name, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=127.0.0.1;Username=app")]
    [InlineData("Host=localhost,::1;Username=app")]
    [InlineData("Host=/var/run/postgresql;Username=app")]
    [InlineData("Host=db.example;Username=app;Passfile=/run/secrets/pgpass")]
    [InlineData("Host=db.example;Username=app;SSL Certificate=/run/secrets/app.pem")]
    public void A_local_server_or_another_credential_needs_no_password(string connectionString) =>
        Assert.Empty(Find(("Postgres:ConnectionString", connectionString)));

    /// <summary>Kestrel listens only on its configured endpoints, so any other management port would be announced but not open.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:9090", false)]
    [InlineData("http://127.0.0.1:9191/", true)]
    public void The_management_port_must_be_among_the_configured_endpoints(string url, bool isThere)
    {
        IReadOnlyList<string> findings = Find(
            ("Health:ManagementPort", "9191"), ("Kestrel:Endpoints:Public:Url", "https://0.0.0.0:443"), ("Kestrel:Endpoints:Management:Url", url));

        if (isThere)
            Assert.Empty(findings);
        else
            Assert.Contains("none of Kestrel:Endpoints has that port", Assert.Single(findings), StringComparison.Ordinal);
    }

    [Fact]
    public void All_findings_are_listed_together_without_any_password()
    {
        IReadOnlyList<string> findings = Find(
            ("Postgres:ConnectionString", "Host=db.example;Username=app;Password=changeme"),
            ("Postgres:MigratorConnectionString", "Host=db.example;Username=owner"),
            ("DataProtection:Certificate", ""), ("ForwardedHeaders_Enabled", "true"), ("Grids:main:BaseUrl", "http://gridproxy.grid.tf"));

        Assert.Equal(5, findings.Count);
        Assert.DoesNotContain(findings, finding => finding.Contains("changeme", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Find(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Postgres:ConnectionString"] = Application,
            ["DataProtection:Certificate"] = KeyRingCertificate.Path,
            ["Grids:main:BaseUrl"] = "https://gridproxy.grid.tf",
            ["AllowedHosts"] = "market.example",
        };
        foreach ((string name, string value) in settings)
            all[name] = value;
        return ProductionGuard.Find(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
