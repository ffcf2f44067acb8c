using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>A real Kestrel on a loopback port that serves GraphQL, with a clock that only moves when told to.</summary>
internal sealed class TransportServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TransportServer(WebApplication app, TestClock clock)
    {
        this.app = app;
        Clock = clock;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/graphql");
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }
    public TestClock Clock { get; }
    public HttpClient Http { get; }

    public static Task<TransportServer> StartAsync(
        IRequestExecutor executor, Action<GraphQLTransportOptions>? configure = null, Action<IServiceCollection>? addServices = null,
        Action<HttpContext, TimeProvider>? before = null) =>
        StartAsync(services =>
        {
            services.AddSingleton(executor);
            addServices?.Invoke(services);
        }, configure, before: before);

    /// <param name="addServices">Adds an executor, or what creates one.</param>
    /// <param name="configure">The limits of the transports.</param>
    /// <param name="port">0 for any.</param>
    /// <param name="before">Called for each request, like middleware that identifies the caller.</param>
    public static async Task<TransportServer> StartAsync(
        Action<IServiceCollection> addServices, Action<GraphQLTransportOptions>? configure = null, int port = 0,
        Action<HttpContext, TimeProvider>? before = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        var clock = new TestClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.Configure<GraphQLTransportOptions>(options => configure?.Invoke(options));
        addServices(builder.Services);

        WebApplication app = builder.Build();
        app.UseRouting();
        app.Use((context, next) =>
        {
            before?.Invoke(context, clock);
            return next(context);
        });
        app.MapGraphQL();
        app.MapGraphQLPersistedOperations();
        app.MapGraphQLSchema();
        await app.StartAsync();
        return new TransportServer(app, clock);
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
