using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.GraphiQL;

/// <summary>
/// A page for trying out queries, served to browsers that open <c>/graphql</c>. Its files come from npm and are built by
/// <c>web/graphiql</c>. The API also runs without them, and its page then says how to get them.
/// </summary>
public static class GraphiQLSetup
{
    internal const string Page = "index.html";
    private const string Files = "/graphql/ui";

    private const string NotBuilt =
        "GraphiQL is not built: run npm ci and npm run build in web/graphiql, and restart the service. ./run does this if Node and npm are installed.";

    /// <summary>
    /// Nothing from other sites, and only our own scripts. The editor creates style elements, uses data URLs for icons, and has its workers in our files.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseGraphiQL(this WebApplication app)
    {
        GraphiQLSettings settings = app.Configuration.GetSection(GraphiQLSettings.Section).Get<GraphiQLSettings>() ?? new();
        if (!(settings.Enabled ?? app.Environment.IsDevelopment()))
            return;
        GraphQLTransportOptions transport = app.Services.GetRequiredService<IOptions<GraphQLTransportOptions>>().Value;
        if (settings.Find(app.Environment.ContentRootPath) is not { } folder)
        {
            transport.LandingPageNote = NotBuilt;
            return;
        }
        byte[] page = File.ReadAllBytes(Path.Combine(folder, Page));
        transport.BrowserPage = context => WriteAsync(context.Response, page);
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            RequestPath = Files,
            OnPrepareResponse = file =>
            {
                file.Context.Response.Headers.CacheControl = "public, max-age=31536000, immutable"; // Each file has its hash in its name.
                file.Context.Response.Headers.XContentTypeOptions = "nosniff";
            },
        });
    }

    private static Task WriteAsync(HttpResponse response, byte[] page)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store"; // The same address responds differently to other callers.
        response.Headers.Vary = "Accept";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return response.Body.WriteAsync(page, response.HttpContext.RequestAborted).AsTask();
    }
}
