using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Demo;
using Mycelium.GraphQL.Health;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>The whole service in this process, without the demo, listening on a loopback port of its own.</summary>
public sealed class Replica : WebApplicationFactory<Readiness>
{
    private readonly Dictionary<string, string> settings;

    public Replica(string connectionString, Uri main, Uri test, params (string Name, string Value)[] more)
    {
        settings = new()
        {
            ["Postgres:ConnectionString"] = connectionString,
            ["Postgres:StatementTimeout"] = "00:00:20", // Machines that run tests are slow.
            ["Postgres:LockTimeout"] = "00:00:15",
            ["Postgres:CommandTimeout"] = "00:00:30",
            ["Coordination:Mode"] = "InProcess",
            ["Grids:main:BaseUrl"] = main.ToString(),
            ["Grids:test:BaseUrl"] = test.ToString(),
            ["Grid:SyncInterval"] = "01:00:00", // One pass over each at the start; no test waits for a second one.
        };
        foreach ((string name, string value) in more)
            settings[name] = value;
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
    }

    public Uri Address { get; }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development"); // Production counts sign-ins, and tests sign up by the hundred from one address.
        foreach ((string name, string value) in settings)
            builder.UseSetting(name, value);
        builder.ConfigureServices(services =>
        {
            if (services.SingleOrDefault(service => service.ImplementationType == typeof(DemoService)) is { } demo) // Of Development alone.
                services.Remove(demo);
        });
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
    }
}
