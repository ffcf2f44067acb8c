using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Transport.Streams;

namespace Mycelium.GraphQL.Engine.Transport.Batching;

/// <summary>
/// Responds to a batch: with a JSON list in its order, or, for a client that prefers a stream, with each result as soon as it is ready, with its
/// indices.
/// </summary>
internal static class BatchAnswer
{
    public static async Task WriteAsync(HttpContext context, RequestBatch batch, ResponseFormat format, StreamServices services)
    {
        using var run = new BatchRun(context, services);
        await (format.Stream is { } encoding ? StreamAsync(context, batch, encoding, run, services) : WriteListAsync(context, batch, format, run));
    }

    private static async Task StreamAsync(HttpContext context, RequestBatch batch, StreamEncoding encoding, BatchRun run, StreamServices services)
    {
        await using var body = new StreamBody(context, encoding, services, context.User, StreamExpiry.Of(context));
        await body.RunAsync(SendAsync());

        async Task SendAsync()
        {
            await body.OpenAsync();
            await run.RunAsync(batch, async (_, result) =>
            {
                using (result)
                    await body.SendAsync(output => encoding.Next(output, result));
            });
            await body.SendAsync(encoding.Complete);
        }
    }

    /// <summary>200 whatever the results: each entry states its own.</summary>
    private static async Task WriteListAsync(HttpContext context, RequestBatch batch, ResponseFormat format, BatchRun run)
    {
        var results = new BatchResult?[batch.Entries.Count];
        try
        {
            await run.RunAsync(batch, (index, result) =>
            {
                results[index] = result;
                return ValueTask.CompletedTask;
            });
            PipeWriter body = RefusalWriter.Begin(context.Response, StatusCodes.Status200OK, format);
            for (int index = 0; index < results.Length; index++)
            {
                body.Write(index == 0 ? "["u8 : ","u8);
                results[index]!.WritePlainTo(body);
            }
            body.Write("]"u8);
            await body.FlushAsync(context.RequestAborted);
        }
        finally
        {
            foreach (BatchResult? result in results)
                result?.Dispose();
        }
    }
}
