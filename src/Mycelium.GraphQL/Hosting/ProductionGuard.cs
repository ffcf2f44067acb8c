using System.Net;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Health;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.GraphQL.Hosting;

/// <summary>
/// Keeps the service from starting outside Development with insecure settings. It reports all of them at once, with a sentence for each.
/// The settings of the database itself are checked once it is available (<see cref="DatabaseGuard"/>).
/// </summary>
public static class ProductionGuard
{
    /// <summary>Default passwords that people often keep. The name of the role counts as one too.</summary>
    private static readonly string[] defaultPasswords = ["mycelium", "postgres", "password", "passw0rd", "secret", "changeme", "admin", "root", "test"];

    /// <summary>The values of <c>AllowedHosts</c> that allow every host.</summary>
    private static readonly string[] anyHost = ["*", "[::]", "0.0.0.0"];

    /// <summary>
    /// Adds the guard for the database, and returns what is wrong with the settings. The result is empty in Development, and for commands
    /// that do not start the server.
    /// </summary>
    public static IReadOnlyList<string> AddProductionGuard(this WebApplicationBuilder builder, string[] arguments)
    {
        if (SchemaCommands.IsSchemaCommand(arguments))
            return [];
        if (builder.Environment.IsDevelopment())
        {
            // One role for everything is good enough for trying things out.
            builder.Services.PostConfigure<PostgresOptions>(postgres =>
            {
                if (postgres.MigratorConnectionString.Length == 0)
                    postgres.MigratorConnectionString = postgres.ConnectionString;
            });
            return [];
        }
        builder.Services.AddSingleton<DatabaseGuard>();
        return Find(builder.Configuration);
    }

    /// <summary>A sentence for each insecure setting, with what to do about it.</summary>
    public static IReadOnlyList<string> Find(IConfiguration configuration)
    {
        PostgresOptions postgres = configuration.GetSection(PostgresOptions.Section).Get<PostgresOptions>() ?? new();
        List<string> findings =
        [
            .. OfConnection("Postgres:ConnectionString", postgres.ConnectionString),
            .. postgres.MigratorConnectionString.Length == 0 ? [] : OfConnection("Postgres:MigratorConnectionString", postgres.MigratorConnectionString),
        ];
        if (string.IsNullOrEmpty(configuration["DataProtection:Certificate"]))
            findings.Add(
                "DataProtection:Certificate is not set: the keys for tokens and quotes would be unencrypted in the database. "
                + "Run this program with the arguments make-certificate PATH, and set it to that file.");
        else if (CertificateFault(configuration) is { } fault)
            findings.Add(fault);
        if (configuration.GetValue<bool>("ForwardedHeaders_Enabled"))
            findings.Add(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED lets any caller forge its address. Remove it, and list your proxies in Proxies:Known.");
        if (Hosts(configuration) is not { Length: > 0 } hosts || hosts.Any(anyHost.Contains))
            findings.Add(
                "AllowedHosts is not set, or allows every host: a web page on a domain that resolves to this server could call it as same-origin "
                + "(DNS rebinding). List the host names of the service, separated by semicolons, such as market.example.com.");
        if (ManagementPort.SettingsOf(configuration) is { ManagementPort: > 0 and var port }
            && Endpoints(configuration) is { Length: > 0 } endpoints
            && !endpoints.Any(url => url.EndsWith($":{port}", StringComparison.Ordinal)))
            findings.Add(
                $"Health:ManagementPort is {port}, but none of Kestrel:Endpoints has that port, and the server listens only at those. "
                + $"Add one, such as Kestrel:Endpoints:Management:Url=http://127.0.0.1:{port}.");
        findings.AddRange(OfMail(configuration.GetSection(MailOptions.Section).Get<MailOptions>() ?? new()));
        try
        {
            GridAddresses.Read(configuration, allowsHttp: false);
            Provisioners.Read(configuration, allowsHttp: false);
        }
        catch (InvalidOperationException wrong)
        {
            findings.Add(wrong.Message);
        }
        return findings;
    }

    private static string[] Hosts(IConfiguration configuration) =>
        (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? CertificateFault(IConfiguration configuration)
    {
        try
        {
            KeyCertificates.Load(configuration.GetSection(KeyProtectionOptions.Section).Get<KeyProtectionOptions>() ?? new());
            return null;
        }
        catch (InvalidOperationException wrong)
        {
            return wrong.Message;
        }
    }

    private static string[] Endpoints(IConfiguration configuration) =>
        [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => (endpoint["Url"] ?? "").TrimEnd('/'))];

    private static IEnumerable<string> OfMail(MailOptions mail)
    {
        if (mail.Host.Length == 0)
            yield break;
        if (mail.From.Length == 0
            || !Uri.TryCreate(mail.PublicAddress, UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
            yield return "Mail:From or Mail:PublicAddress is not set, or the address is not https: links in mails would not work, or could be "
                + "intercepted. Set the sender, and the public address of the API, such as https://api.example.com.";
        if (mail.Security == MailSecurity.None && !IsOnThisMachine(mail.Host))
            yield return "Mail:Security is None, and the mail server is on another machine: codes for new passwords could be intercepted. "
                + "Use StartTls or Tls.";
    }

    private static IEnumerable<string> OfConnection(string setting, string text)
    {
        NpgsqlConnectionStringBuilder connection;
        string? unreadable = null;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException wrong)
        {
            connection = [];
            unreadable = $"{setting} is invalid: {wrong.Message}";
        }
        if (unreadable is not null)
            yield return unreadable;
        else if (PasswordOf(connection) is { Length: > 0 } password
            && (IsDefault(password) || password.Equals(connection.Username, StringComparison.OrdinalIgnoreCase)))
            yield return $"{setting} has a password that is easy to guess. "
                + $"Give the role {connection.Username} another one with ALTER ROLE … PASSWORD, and change it here too.";
        else if (string.IsNullOrEmpty(PasswordOf(connection)) && !HasOtherProof(connection) && !IsOnThisMachine(connection.Host))
            yield return $"{setting} has no password, and the database server is on another machine. "
                + $"Give the role {connection.Username} one with ALTER ROLE … PASSWORD, and add it here.";
    }

    private static bool IsDefault(string password) => defaultPasswords.Contains(password, StringComparer.OrdinalIgnoreCase);

    /// <summary>If the connection string has no password, the driver uses the one in the environment.</summary>
    private static string? PasswordOf(NpgsqlConnectionStringBuilder connection) =>
        string.IsNullOrEmpty(connection.Password) ? Environment.GetEnvironmentVariable("PGPASSWORD") : connection.Password;

    /// <summary>Whether there is a password file, or a certificate instead of a password.</summary>
    private static bool HasOtherProof(NpgsqlConnectionStringBuilder connection) =>
        !string.IsNullOrEmpty(connection.Passfile)
        || !string.IsNullOrEmpty(connection.SslCertificate)
        || Environment.GetEnvironmentVariable("PGPASSFILE") is { Length: > 0 };

    /// <summary>Whether every host is a loopback address or a socket in the file system.</summary>
    private static bool IsOnThisMachine(string? hosts) => (hosts ?? "localhost").Split(',').All(host =>
        host.StartsWith('/') || host.StartsWith('@') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));
}
