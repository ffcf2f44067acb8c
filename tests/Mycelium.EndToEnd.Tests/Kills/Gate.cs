using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>Stands between the API and a service, and can stop a request on its way there or its answer on the way back.</summary>
public sealed class Gate : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient service;
    private readonly List<Stop> stops = [];

    private Gate(WebApplication app, Uri service) => (this.app, this.service) = (app, new HttpClient { BaseAddress = service });

    public Uri Address => new(app.Urls.First());

    public static async Task<Gate> StartAsync(Uri service)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        WebApplication app = builder.Build();
        var gate = new Gate(app, service);
        app.Run(gate.ForwardAsync);
        await app.StartAsync();
        return gate;
    }

    /// <summary>The next such request does not arrive until it is let go; also when its sender has died in the meantime.</summary>
    public Stop StopRequest(string method, string path) => Add(new Stop(method, path, IsAnswer: false));

    /// <summary>The next such request is carried out, and its answer does not arrive.</summary>
    public Stop StopAnswer(string method, string path) => Add(new Stop(method, path, IsAnswer: true));

    /// <summary>Stops nothing any more.</summary>
    public void LetAllGo()
    {
        lock (stops)
        {
            stops.ForEach(stop => stop.LetGo());
            stops.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        LetAllGo();
        await app.DisposeAsync();
        service.Dispose();
    }

    private Stop Add(Stop stop)
    {
        lock (stops)
            stops.Add(stop);
        return stop;
    }

    private Stop? Find(HttpRequest request)
    {
        lock (stops)
            return stops.FirstOrDefault(stop => stop.Takes(request));
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Stop? stop = Find(context.Request);
        if (stop is { IsAnswer: false })
            await stop.WaitAsync();
        try
        {
            using HttpResponseMessage answer = await service.SendAsync(Copy(context, body.ToArray()));
            byte[] received = await answer.Content.ReadAsByteArrayAsync();
            stop?.Arrive();
            if (stop is { IsAnswer: true })
                await stop.WaitAsync();
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            foreach ((string name, IEnumerable<string> values) in answer.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal)))
                context.Response.Headers[name] = values.ToArray();
            if (received.Length > 0)
                await context.Response.Body.WriteAsync(received);
        }
        catch (HttpRequestException)
        {
            context.Abort(); // The service is dead.
        }
    }

    private static HttpRequestMessage Copy(HttpContext context, byte[] body)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var copy = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(target, UriKind.Relative));
        foreach ((string name, var values) in context.Request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.Ordinal)))
            copy.Headers.Add(name, values.ToArray());
        if (body.Length > 0)
            copy.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(context.Request.ContentType!) } };
        return copy;
    }
}

/// <summary>Where one request is stopped.</summary>
public sealed record Stop(string Method, string Path, bool IsAnswer)
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isTaken;

    /// <summary>A request waits here.</summary>
    public Task ReachedAsync() => reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The service has answered it.</summary>
    public Task ArrivedAsync() => arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void LetGo() => gone.TrySetResult();

    internal bool Takes(HttpRequest request)
    {
        if (isTaken || request.Method != Method || !request.Path.StartsWithSegments(Path))
            return false;
        return isTaken = true;
    }

    internal Task WaitAsync()
    {
        reached.TrySetResult();
        return gone.Task;
    }

    internal void Arrive() => arrived.TrySetResult();
}
