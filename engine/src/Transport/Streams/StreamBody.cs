using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>
/// The body of an answer that stays open: whole messages, one at a time, at the pace of the client. Nothing is queued: whoever has a message waits until the
/// connection has taken it, and a client that does not read ends the stream after a grace. The first reason to end is the one told.
/// </summary>
internal sealed class StreamBody : IAsyncDisposable
{
    /// <summary>So much at a time is given to the connection, and has the whole grace: a slow line that moves is not a dead one.</summary>
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

    /// <param name="context">The request; its response has not begun.</param>
    /// <param name="encoding">How heartbeats and the end are written; messages may bring their own.</param>
    /// <param name="services">What all streams share.</param>
    /// <param name="viewer">Whose stream it is: it ends when rights of the viewer are withdrawn.</param>
    /// <param name="expiresAt">When the right of the viewer ends, and the stream with it.</param>
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

    /// <summary>Cancelled as soon as the stream is to end. Stays readable afterwards.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Ends the stream; what is told of it is the last of <see cref="RunAsync"/>.</summary>
    public void End(StreamEnd reason)
    {
        if (Interlocked.CompareExchange(ref why, reason, null) is null)
            ending = ended.CancelAsync();
    }

    /// <summary>Sends the headers, which let no proxy keep or hold the answer back.</summary>
    public ValueTask OpenAsync()
    {
        HttpResponse response = context.Response;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering(); // Also keeps the host's own compression away.
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Encoding.ContentType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.XContentTypeOptions = "nosniff";
        return SendAsync(Encoding.Begin);
    }

    public ValueTask NextAsync(OperationResult result) => SendAsync(output => Encoding.Next(output, result));

    /// <summary>Sends one message. It is complete in memory before its first byte goes out.</summary>
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

    /// <summary>Keeps the connection alive until the work has ended, then ends the answer. The work looks at <see cref="Ended"/>.</summary>
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
            // It was told to end.
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

    /// <summary>Not with a token: cancelling a flush cuts the connection, before the client has been told why.</summary>
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

    /// <summary>Half a message cannot be followed by a reason: then the connection is cut, which clients take for what it is.</summary>
    private async ValueTask BreakOffAsync()
    {
        if (Volatile.Read(ref why) is not { } reason || reason == StreamEnd.ClientGone)
            return;
        await turn.WaitAsync(CancellationToken.None); // Whoever sends has been told to stop, and nobody begins.
        if (isInsideMessage)
        {
            context.Abort();
            return;
        }
        var farewell = new ArrayBufferWriter<byte>();
        Encoding.BreakOff(farewell, reason);
        context.Response.BodyWriter.Write(farewell.WrittenSpan);
        if (reason == StreamEnd.SlowConsumer)
            return; // The server sends what the client still reads, and cuts the connection when that is nothing.
        try
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask().WaitAsync(services.Options.SlowConsumerGrace, services.Clock);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or IOException)
        {
            // It did not wait to be told.
        }
    }
}
