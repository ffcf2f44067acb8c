using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>
/// The body of a response that stays open: whole messages, one at a time, at the client's pace. Nothing is queued: a writer waits until the
/// connection has accepted its message, and a client that does not read ends the stream after a grace period. The first reason to end is the one
/// reported.
/// </summary>
internal sealed class StreamBody : IAsyncDisposable
{
    /// <summary>
    /// The connection receives this much at a time, each with the whole grace period: a slow connection that makes progress is not a dead one.
    /// </summary>
    private const int ChunkBytes = 16 * 1024;

    private readonly HttpContext context;
    private readonly StreamServices services;
    private readonly CancellationTokenSource ended = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenRegistration clientGone;
    private readonly ITimer? expiry;
    private readonly IDisposable? rights;
    private StreamEnd? why;
    private Task ending = Task.CompletedTask;
    private bool isInsideMessage;
    private long saidAt;

    /// <param name="context">The request; its response has not started.</param>
    /// <param name="encoding">How heartbeats and the end are written; messages may use their own encoding.</param>
    /// <param name="services">What all streams share.</param>
    /// <param name="viewer">The owner of the stream: it ends when the viewer loses rights.</param>
    /// <param name="expiresAt">When the viewer's rights expire, and the stream ends with them.</param>
    public StreamBody(HttpContext context, StreamEncoding encoding, StreamServices services, ClaimsPrincipal viewer, DateTimeOffset? expiresAt)
    {
        this.context = context;
        this.services = services;
        Encoding = encoding;
        Ended = ended.Token;
        clientGone = context.RequestAborted.UnsafeRegister(static body => ((StreamBody)body!).End(StreamEnd.ClientGone), this);
        expiry = StreamExpiry.Start(expiresAt, services.Clock, () => End(StreamEnd.Expired));
        rights = services.Rights?.Watch(viewer, () => End(StreamEnd.Withdrawn));
    }

    public StreamEncoding Encoding { get; }

    /// <summary>Cancelled as soon as the stream should end. Stays readable afterwards.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Ends the stream; <see cref="RunAsync"/> writes the reason.</summary>
    public void End(StreamEnd reason)
    {
        if (Interlocked.CompareExchange(ref why, reason, null) is null)
            ending = ended.CancelAsync();
    }

    /// <summary>Sends the headers, which keep proxies from storing or delaying the response.</summary>
    public ValueTask OpenAsync()
    {
        HttpResponse response = context.Response;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering(); // Also prevents the host's own compression.
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Encoding.ContentType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.XContentTypeOptions = "nosniff";
        return SendAsync(Encoding.Begin);
    }

    public ValueTask NextAsync(OperationResult result) => SendAsync(output => Encoding.Next(output, result));

    /// <summary>Sends one message. It is complete in memory before its first byte is sent.</summary>
    /// <exception cref="OperationCanceledException">The stream has ended.</exception>
    public async ValueTask SendAsync(Action<IBufferWriter<byte>> write)
    {
        await turn.WaitAsync(Ended);
        try
        {
            using var message = new ResponseBuffer(ArrayPool<byte>.Shared, sizeHint: 512, sizeMax: Array.MaxLength);
            write(message);
            saidAt = services.Clock.GetTimestamp();
            await SendAsync(message);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Keeps the connection alive until the work has ended, then ends the response. The work watches <see cref="Ended"/>.</summary>
    public async Task RunAsync(Task work)
    {
        await using CancellationTokenRegistration stopping = services.Stopping.UnsafeRegister(
            static body => ((StreamBody)body!).End(StreamEnd.Restart(Random.Shared.NextDouble() * RetryAfterMax)), this);
        while (!work.IsCompleted && !Ended.IsCancellationRequested)
        {
            await work.WaitAsync(services.Options.HeartbeatInterval, services.Clock, Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!work.IsCompleted && services.Clock.GetElapsedTime(saidAt) >= services.Options.HeartbeatInterval)
                await BeatAsync();
        }
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            // It was cancelled.
        }
        await BreakOffAsync();
    }

    public async ValueTask DisposeAsync()
    {
        rights?.Dispose();
        if (expiry is not null)
            await expiry.DisposeAsync();
        await clientGone.DisposeAsync();
        await ending;
        ended.Dispose();
        turn.Dispose();
    }

    internal static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(5);

    private async ValueTask SendAsync(ResponseBuffer message)
    {
        PipeWriter body = context.Response.BodyWriter;
        for (int sent = 0; sent < message.Count;)
        {
            Ended.ThrowIfCancellationRequested();
            int length = Math.Min(ChunkBytes, message.Count - sent);
            body.Write(message.Written.Slice(sent, length));
            sent += length;
            isInsideMessage = sent < message.Count;
            await FlushAsync(body);
        }
    }

    /// <summary>Without a token: cancelling a flush aborts the connection, before the client has been told why.</summary>
    private async ValueTask FlushAsync(PipeWriter body)
    {
        ValueTask<FlushResult> flush = body.FlushAsync(CancellationToken.None);
        if (flush.IsCompletedSuccessfully)
        {
            await flush;
            return;
        }
        try
        {
            await flush.AsTask().WaitAsync(services.Options.SlowConsumerGrace, services.Clock, Ended);
        }
        catch (TimeoutException)
        {
            End(StreamEnd.SlowConsumer);
            Ended.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask BeatAsync()
    {
        try
        {
            await SendAsync(Encoding.Heartbeat);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            // The stream ends for another reason.
        }
    }

    /// <summary>Half a message cannot be followed by a reason: the connection is aborted, which clients notice.</summary>
    private async ValueTask BreakOffAsync()
    {
        if (Volatile.Read(ref why) is not { } reason || reason == StreamEnd.ClientGone)
            return;
        await turn.WaitAsync(CancellationToken.None); // The current sender has been cancelled, and no other starts.
        if (isInsideMessage)
        {
            context.Abort();
            return;
        }
        var farewell = new ArrayBufferWriter<byte>();
        Encoding.BreakOff(farewell, reason);
        context.Response.BodyWriter.Write(farewell.WrittenSpan);
        if (reason == StreamEnd.SlowConsumer)
            return; // The server sends what the client still reads, and aborts the connection when that is nothing.
        try
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask().WaitAsync(services.Options.SlowConsumerGrace, services.Clock);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            // It did not wait to be cancelled.
        }
    }
}
