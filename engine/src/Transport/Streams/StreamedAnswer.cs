using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>Responds to one request with a stream of its own.</summary>
internal static class StreamedAnswer
{
    /// <summary>One result, for a client that only reads streams.</summary>
    public static Task WriteAsync(HttpContext context, OperationResult result, StreamEncoding encoding, StreamServices services) =>
        RunAsync(context, encoding, services, (sender, _) => sender.SendAsync(result));

    /// <summary>All results of a stream.</summary>
    public static Task WriteAsync(HttpContext context, ResponseStream results, StreamEncoding encoding, StreamServices services) =>
        RunAsync(context, encoding, services, (sender, ended) => sender.SendAllAsync(results, ended));

    private static async Task RunAsync(HttpContext context, StreamEncoding encoding, StreamServices services, Func<ResultSender, CancellationToken, Task> send)
    {
        await using var body = new StreamBody(context, encoding, services, context.User, StreamExpiry.Of(context));
        await body.RunAsync(SendAsync());

        async Task SendAsync()
        {
            await body.OpenAsync();
            await send(new ResultSender(body, encoding, services), body.Ended);
        }
    }
}
