using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// What is between the network and the API: limits on connections, allowed origins, the rate limit of sign-ins, and the handling of
/// exceptions.
/// </summary>
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
        // This filter would run first, and refuse health probes that use a replica's address. UseEdge applies host filtering where it is needed.
        foreach (ServiceDescriptor filter in builder.Services.Where(service =>
            service.ServiceType == typeof(IStartupFilter) && service.ImplementationType?.Name == "HostFilteringStartupFilter").ToArray())
            builder.Services.Remove(filter);
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowEmptyHosts = false); // Refuses requests without a host name.
        builder.Services.AddHsts(hsts => hsts.MaxAge = Limits.HttpsOnlyFor);

        var origins = new AllowedOrigins(
            builder.Configuration.GetSection(CorsSettings.Section).Get<CorsSettings>() ?? new(), includingThisMachine: builder.Environment.IsDevelopment());
        builder.Services.AddSingleton(origins);
        // Without credentials: tokens are sent in a header that a page has to set, never in a cookie that a browser adds.
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origins.Has)
            .WithMethods("GET", "POST", "PUT", "DELETE")
            .AllowAnyHeader()
            .WithExposedHeaders("RateLimit", "RateLimit-Policy", "Retry-After", "Row-Count"))); // So that pages can read what is left, and how much comes.
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

    /// <summary>Must come before everything that may fail or respond.</summary>
    public static void UseEdge(this WebApplication app)
    {
        AllowedOrigins origins = app.Services.GetRequiredService<AllowedOrigins>();
        app.UseForwardedHeaders();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/health"), branch => branch.UseHostFiltering());
        if (!app.Environment.IsDevelopment())
            app.UseHsts(); // Applies to HTTPS requests, except those to localhost.
        app.Use(AddSafeguards);
        app.UseExceptionHandler();
        app.UseRouting();
        app.Use(origins.RefusePreflightsAsync);
        app.UseCors();
    }

    /// <summary>
    /// Adds headers for browsers: they must not guess content types, and must not send the address of a page, which may contain a query, to other sites.
    /// </summary>
    private static Task AddSafeguards(HttpContext context, RequestDelegate next)
    {
        // As late as possible, because the exception handler clears headers that were set earlier.
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
