using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The page for people who open the endpoint in a browser. It loads nothing and repeats nothing from the request.</summary>
internal static class LandingPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>GraphQL endpoint</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1d2a26; background: #fbfcfb }
        pre { background: #eef3f0; padding: .8rem 1rem; overflow-x: auto; border-radius: 6px }
        code { font-family: ui-monospace, monospace; font-size: .9em }
        a { color: #0b6b4f }
        </style>
        </head>
        <body>
        <h1>This is a GraphQL endpoint</h1>
        <!-- note -->
        <p>It is meant for programs. Send a query:</p>
        <pre><code>curl -H 'Content-Type: application/json' \
          -d '{"query":"{ __typename }"}' \
          <em>this URL</em></code></pre>
        <ul>
        <li>Queries and mutations: POST with <code>application/json</code>. Queries also with GET.</li>
        <li>Subscriptions: a WebSocket at this URL with the sub-protocol <code>graphql-transport-ws</code>, or <code>Accept: text/event-stream</code>.</li>
        </ul>
        <p>Read more: <a href="https://graphql.org/learn/">GraphQL</a>, <a href="https://graphql.github.io/graphql-over-http/">GraphQL over HTTP</a>,
        <a href="https://the-guild.dev/graphql/ws">graphql-ws</a>, a client for the WebSocket.</p>
        </body>
        </html>
        """;

    /// <summary>A browser's navigation asks for HTML first; programs do not.</summary>
    public static bool IsWanted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept.ToArray()!, out IList<MediaTypeHeaderValue>? ranges)
        && ranges.Any(range => range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && range.Quality is null or 1.0);

    private static string Shown(string? note) => note is null ? "" : $"<p><strong>{HtmlEncoder.Default.Encode(note)}</strong></p>";

    public static Task WriteAsync(HttpResponse response, string? note)
    {
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store"; // The same URL has other responses for other callers.
        response.Headers.Vary = "Accept";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.WriteAsync(Html.Replace("<!-- note -->", Shown(note), StringComparison.Ordinal), response.HttpContext.RequestAborted);
    }
}
