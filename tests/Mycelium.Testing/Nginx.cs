using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mycelium.Testing;

/// <summary>
/// The real nginx with the configuration of docker-compose.yml in front of one replica, on two free ports: one without TLS and one with it.
/// </summary>
public sealed class Nginx : IDisposable
{
    private readonly string directory;
    private readonly ChildProcess process;

    private Nginx(string directory, ChildProcess process, Uri plain, Uri secure) =>
        (this.directory, this.process, Plain, Secure) = (directory, process, plain, secure);

    public Uri Plain { get; }

    /// <summary>Uses a self-signed certificate.</summary>
    public Uri Secure { get; }

    /// <summary>The log of completed requests.</summary>
    public string AccessLog => File.ReadAllText(AccessLogOf(directory));

    /// <param name="replica">The replica behind it.</param>
    /// <param name="outerProxy">A network that it trusts to state the outer scheme; null for none, as in the file.</param>
    public static async Task<Nginx> StartAsync(Uri replica, string? outerProxy = null)
    {
        string directory = Directory.CreateTempSubdirectory("mycelium-nginx-").FullName;
        (int plain, int secure) = (FreePort.Next(), FreePort.Next());
        using (var key = RSA.Create(2048))
        {
            using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
            await File.WriteAllTextAsync(Path.Combine(directory, "chain.pem"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        }
        string settings = await File.ReadAllTextAsync(RepositoryRoot.Combine("tools", "compose", "nginx.conf"));
        string file = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(file, settings
            .Replacing("/tmp/", directory + "/")
            .Replacing("server api1:8080", $"server {replica.Authority}")
            .Replacing("    server api2:8080 max_fails=1 fail_timeout=2s;\n", "")
            .Replacing("listen 8080;", string.Create(CultureInfo.InvariantCulture,
                $"listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl; ssl_certificate {directory}/chain.pem; ssl_certificate_key {directory}/key.pem;"))
            .Replacing("worker_processes auto;", "worker_processes 1; daemon off; error_log stderr notice;")
            .Replacing("worker_connections 20000;", "worker_connections 500;")
            .Replacing("access_log /dev/stdout", $"access_log {AccessLogOf(directory)}")
            .Replacing(
                "geo $is_outer_proxy { default 0; }",
                outerProxy is null ? "geo $is_outer_proxy { default 0; }" : $"geo $is_outer_proxy {{ default 0; {outerProxy} 1; }}"));
        ChildProcess process = ChildProcess.Start("nginx", ["-c", file, "-p", directory, "-e", "stderr"]);
        await process.WaitForLineAsync(line => line.Contains("start worker process ", StringComparison.Ordinal));
        return new Nginx(
            directory, process,
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{plain}")),
            new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{secure}")));
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static string AccessLogOf(string directory) => Path.Combine(directory, "access.log");
}

file static class Texts
{
    /// <summary>Replaces a text that must be present: if the file has changed, the test would not test what it claims.</summary>
    public static string Replacing(this string text, string old, string with) =>
        text.Contains(old, StringComparison.Ordinal)
            ? text.Replace(old, with, StringComparison.Ordinal)
            : throw new InvalidOperationException($"nginx.conf has no '{old}'.");
}
