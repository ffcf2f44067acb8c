using System.Globalization;

namespace Mycelium.GraphQL.Edge;

/// <summary>Which web pages may call the API from a browser: section <c>Cors</c>.</summary>
public sealed class CorsSettings
{
    public const string Section = "Cors";

    /// <summary>
    /// Origins of frontends, separated by commas, such as <c>https://app.example.com</c>; none by default. They may also open sockets. Wildcards are
    /// not allowed.
    /// </summary>
    public string AllowedOrigins { get; set; } = "";

    /// <exception cref="InvalidOperationException">An entry is not an origin.</exception>
    public IReadOnlyList<string> Origins() =>
        [.. AllowedOrigins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Checked)];

    private static string Checked(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && uri.PathAndQuery == "/"
        && !uri.Host.Contains('*', StringComparison.Ordinal)
            ? Written(uri)
            : throw new InvalidOperationException($"Cors:AllowedOrigins: '{text}' is not an origin such as https://app.example.com.");

    /// <summary>The origin as browsers write it: international host names in ASCII form, without the default port of the scheme.</summary>
    private static string Written(Uri uri) =>
        $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host)}"
        + (uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}"));
}
