namespace Mycelium.GraphQL.Health;

/// <summary>A port for whoever runs the service. Requests are recognized by the local port of the connection, which callers cannot forge.</summary>
public static class ManagementPort
{
    /// <summary>Also listens on the management port, if there is one, and serves only health there.</summary>
    public static void UseManagementPort(this WebApplication app)
    {
        HealthSettings settings = SettingsOf(app.Configuration);
        if (settings.ManagementPort == 0)
            return;
        // Once code adds an address, those in the settings are ignored, so they are added too.
        foreach (string url in PublicUrls(app.Configuration))
            app.Urls.Add(url);
        app.Urls.Add($"http://{settings.ManagementAddress}:{settings.ManagementPort}");
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort != settings.ManagementPort || context.Request.Path.StartsWithSegments("/health"))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    internal static bool IsManagement(this HttpContext context, HealthSettings settings) =>
        settings.ManagementPort != 0 && context.Connection.LocalPort == settings.ManagementPort;

    internal static HealthSettings SettingsOf(IConfiguration configuration) =>
        configuration.GetSection(HealthSettings.Section).Get<HealthSettings>() ?? new();

    /// <summary>
    /// The addresses that the server would use by itself: <c>ASPNETCORE_URLS</c> or <c>--urls</c>, or else <c>ASPNETCORE_HTTP_PORTS</c> and
    /// <c>ASPNETCORE_HTTPS_PORTS</c>, or else its default.
    /// </summary>
    private static string[] PublicUrls(IConfiguration configuration)
    {
        if (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
            return Parts(urls);
        string[] ports =
        [
            .. Parts(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"),
            .. Parts(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"),
        ];
        return ports.Length > 0 ? ports : ["http://localhost:5000"];
    }

    private static string[] Parts(string? text) => (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
