using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Demo;
using Mycelium.GraphQL.Health;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>The whole service in this process, without the demo, on its own loopback port.</summary>
public sealed class Replica : WebApplicationFactory<Readiness>
{
    private static readonly TimeSpan startDeadline = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, string> settings;
    private readonly Action<IServiceCollection>? configure;

    public Replica(string connectionString, Uri main, Uri test, params (string Name, string Value)[] more)
        : this(connectionString, main, test, configure: null, more)
    {
        WaitUntilReady();
    }

    /// <param name="connectionString">Connects as the owner. PostgreSQL need not be running: the constructor waits for nothing.</param>
    /// <param name="main">The GridProxy of the grid <c>main</c>.</param>
    /// <param name="test">The GridProxy of the grid <c>test</c>.</param>
    /// <param name="configure">Replaces services.</param>
    /// <param name="more">Settings.</param>
    public Replica(string connectionString, Uri main, Uri test, Action<IServiceCollection>? configure, params (string Name, string Value)[] more)
    {
        this.configure = configure;
        settings = new()
        {
            ["Postgres:ConnectionString"] = PostgresServer.AsApplication(connectionString),
            ["Postgres:MigratorConnectionString"] = connectionString,
            ["Postgres:StatementTimeout"] = "00:00:20", // Test machines are slow.
            ["Postgres:LockTimeout"] = "00:00:15",
            ["Postgres:CommandTimeout"] = "00:00:30",
            ["Postgres:ProbeTimeout"] = "00:00:15",
            ["DataProtection:Certificate"] = KeyRingCertificate.Path,
            ["AllowedHosts"] = "127.0.0.1;localhost",
            ["Coordination:Mode"] = "InProcess",
            ["Provisioner"] = "None",
            ["RentalLimits:ActiveSlices"] = "0", // Here few accounts rent a lot, all from one address.
            ["RentalLimits:RentalsPerHour"] = "0",
            ["RentalLimits:CancellationsPerHour"] = "0",
            ["RateLimits:AnonymousPoints"] = "0",
            ["RateLimits:AccountPoints"] = "0",
            ["RateLimits:PartnerPoints"] = "0",
            ["RateLimits:SocketsPerAddress"] = "0",
            ["RateLimits:StreamsPerAddress"] = "0",
            ["RateLimits:StreamsPerAccount"] = "0",
            ["Accounts:RequireConfirmedEmail"] = "false", // Tests sign up hundreds of accounts; tests of mails override this.
            ["Mail:Directory"] = Mails,
            ["Grids:main:BaseUrl"] = main.ToString(),
            ["Grids:test:BaseUrl"] = test.ToString(),
            ["Grid:SyncInterval"] = "01:00:00", // One pass over each grid at the start; no test waits for a second one.
        };
        foreach ((string name, string value) in more)
            settings[name] = value;
        UseKestrel(0);
        StartServer();
        Address = ClientOptions.BaseAddress;
    }

    public Uri Address { get; }

    /// <summary>The folder where all replicas write mails, unless a test overrides it: on one database, any of them may deliver a mail.</summary>
    public static string Mails { get; } = MakeFolder();

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public void WaitUntilReady()
    {
        if (!Get<StoreGate>().WhenOpen.Wait(startDeadline))
            throw new TimeoutException("The replica did not become ready.");
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development"); // Production limits sign-ins, and tests sign up hundreds of accounts from one address.
        foreach ((string name, string value) in settings)
            builder.UseSetting(name, value);
        builder.ConfigureServices(services =>
        {
            // Only in Development.
            if (services.SingleOrDefault(service => service.ImplementationType?.GenericTypeArguments is [{ } of] && of == typeof(DemoService)) is { } demo)
                services.Remove(demo);
            configure?.Invoke(services);
        });
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
    }

    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("mycelium-mails-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
