using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Edge;

/// <summary>What stands between the network and the API: the bounds of connections, which pages may call, and no exception shown.</summary>
public static class EdgeSetup
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = Limits.RequestBytesMax;
            server.Limits.RequestHeadersTimeout = Limits.RequestHeadersTimeout;
            server.Limits.MaxConcurrentUpgradedConnections = Limits.SocketsMax;
        });
        builder.WebHost.UseSockets(transport => transport.CreateBoundListenSocket = Listen);

        KnownProxies proxies = builder.Configuration.GetSection(KnownProxies.Section).Get<KnownProxies>() ?? new();
        builder.Services.Configure<ForwardedHeadersOptions>(proxies.Apply);
        // It would come before everything, and refuse whoever probes health by a replica's address: UseEdge has it where names count.
        foreach (ServiceDescriptor filter in builder.Services.Where(service => service.ServiceType == typeof(IStartupFilter) && service.ImplementationType?.Name == "HostFilteringStartupFilter").ToArray())
            builder.Services.Remove(filter);
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowEmptyHosts = false); // A request without a name is for nobody.
        builder.Services.AddHsts(hsts => hsts.MaxAge = Limits.HttpsOnlyFor);

        var origins = new AllowedOrigins(
            builder.Configuration.GetSection(CorsSettings.Section).Get<CorsSettings>() ?? new(), includingThisMachine: builder.Environment.IsDevelopment());
        builder.Services.AddSingleton(origins);
        // Without credentials: tokens travel in a header that a page has to set, never in a cookie that a browser adds.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(origins.Has).WithMethods("GET", "POST", "PUT", "DELETE").AllowAnyHeader()
            .WithExposedHeaders("RateLimit", "RateLimit-Policy", "Retry-After"))); // So that a page knows what is left.
        AllowedBatching batching = (builder.Configuration.GetSection(HttpSettings.Section).Get<HttpSettings>() ?? new()).Batching;
        builder.Services.Configure<GraphQLTransportOptions>(transport =>
        {
            transport.Batching = batching;
            transport.AllowsSocketOrigin = origins.Has;
        });

        builder.Services.AddProblemDetails();
        builder.Services.Configure<ExceptionHandlerOptions>(handler => handler.StatusCodeSelector = StoreErrors.StatusOf);
        // A body that is no JSON is refused with a status everywhere; thrown, as Development does it, it would be an error in the log.
        builder.Services.PostConfigure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        builder.Services.AddHostedService<MemoryReturn>();
    }

    /// <summary>Before everything that may fail or answer.</summary>
    public static void UseEdge(this WebApplication app)
    {
        AllowedOrigins origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseForwardedHeaders();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/health"), branch => branch.UseHostFiltering());
        if (!app.Environment.IsDevelopment())
            app.UseHsts(); // Of requests that came by https, and not to localhost.
        app.Use(AddSafeguards);
        app.UseExceptionHandler();
        app.UseRouting();
        app.Use(origins.RefusePreflightsAsync);
        app.UseCors();
    }

    /// <summary>For browsers: an answer is what its type says and nothing else, and the address of a page, which may hold a query, is told to no other site.</summary>
    private static Task AddSafeguards(HttpContext context, RequestDelegate next)
    {
        // As late as can be: the exception handler clears what was set before.
        context.Response.OnStarting(static state =>
        {
            IHeaderDictionary headers = ((HttpResponse)state).Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }

    /// <summary>Connections inherit the buffer of the socket that listens. With the kernel's own choice a reader that is gone is noticed after 4 MB.</summary>
    private static Socket Listen(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = Limits.SendBufferBytes;
        return socket;
    }
}
