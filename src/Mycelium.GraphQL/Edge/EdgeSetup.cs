using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Mycelium.GraphQL.Accounts;
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
            .WithExposedHeaders("RateLimit", "RateLimit-Policy", "Retry-After"))); // So that pages can read what is left.
        AllowedBatching batching = (builder.Configuration.GetSection(HttpSettings.Section).Get<HttpSettings>() ?? new()).Batching;
        builder.Services.Configure<GraphQLTransportOptions>(transport =>
        {
            transport.Batching = batching;
            transport.AllowsSocketOrigin = origins.Has;
        });

        builder.Services.AddSingleton<IProblemDetailsWriter, AccountProblems>(); // The first writer that can write is used.
        builder.Services.AddProblemDetails();
        // A body that is not JSON is refused with a status code. In Development it would be thrown by default, and logged as an error.
        builder.Services.PostConfigure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        // In Identity's requests, a string that is not nullable is required.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.RespectNullableAnnotations = true);
        // In Development all callers have the same address, and tests create hundreds of accounts.
        int attempts = builder.Environment.IsDevelopment()
            ? int.MaxValue
            : (builder.Configuration.GetSection(AccountSettings.Section).Get<AccountSettings>() ?? new AccountSettings()).CallsPerMinute;
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return new ValueTask(TypedResults.Problem(
                    statusCode: StatusCodes.Status429TooManyRequests,
                    extensions: new Dictionary<string, object?> { ["limit"] = "accountCalls", ["max"] = attempts })
                    .ExecuteAsync(rejected.HttpContext));
            };
            limiter.AddPolicy(AccountLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                Caller(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = TimeSpan.FromMinutes(1) }));
        });
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
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StoreErrors.StatusOf,
            SuppressDiagnosticsCallback = failed => failed.HttpContext.IsAccount(), // AccountProblems does the logging.
        });
        app.UseRouting();
        app.Use(origins.RefusePreflightsAsync);
        app.UseCors();
        app.UseAccountProblems();
        app.UseRateLimiter();
        app.UseDeadline();
    }

    /// <summary>The rate limit for endpoints that check passwords: hashing is expensive on purpose, and guessing must be too.</summary>
    public const string AccountLimit = "account";

    /// <summary>
    /// Adds headers for browsers: they must not guess content types, and must not send the address of a page, which may contain a query, to
    /// other sites.
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

    /// <summary>Identifies a caller by its address. For IPv6 this is the /64 network, because a customer has at least one.</summary>
    internal static string Caller(IPAddress? address)
    {
        if (address is null or { IsIPv4MappedToIPv6: true } or { AddressFamily: not AddressFamily.InterNetworkV6 })
            return address?.MapToIPv4().ToString() ?? "";
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    /// <summary>Connections inherit the send buffer of the listening socket. With the kernel's default, a dead reader is noticed only after 4 MB.</summary>
    private static Socket Listen(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = Limits.SendBufferBytes;
        return socket;
    }
}
