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

/// <summary>What stands between the network and the API: the bounds of connections, which pages may call, how often an address may sign in, and no exception shown.</summary>
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

        builder.Services.AddSingleton<IProblemDetailsWriter, AccountProblems>(); // The first one that can write does.
        builder.Services.AddProblemDetails();
        // A body that is no JSON is refused with a status everywhere; thrown, as Development does it, it would be an error in the log.
        builder.Services.PostConfigure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.RespectNullableAnnotations = true); // Identity means it where it says string without ?.
        // In Development everybody comes from one address, and tests sign up by the hundred.
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
                    statusCode: StatusCodes.Status429TooManyRequests, extensions: new Dictionary<string, object?> { ["limit"] = "accountCalls", ["max"] = attempts })
                    .ExecuteAsync(rejected.HttpContext));
            };
            limiter.AddPolicy(AccountLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                Caller(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = TimeSpan.FromMinutes(1) }));
        });
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
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StoreErrors.StatusOf,
            SuppressDiagnosticsCallback = failed => failed.HttpContext.IsAccount(), // AccountProblems logs what is worth a line.
        });
        app.UseRouting();
        app.Use(origins.RefusePreflightsAsync);
        app.UseCors();
        app.UseAccountProblems();
        app.UseRateLimiter();
        app.UseDeadline();
    }

    /// <summary>The policy for endpoints that check passwords: hashing one is expensive by intent, and guessing must be.</summary>
    public const string AccountLimit = "account";

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

    /// <summary>An IPv6 customer has at least a /64 to come from.</summary>
    internal static string Caller(IPAddress? address)
    {
        if (address is null or { IsIPv4MappedToIPv6: true } or { AddressFamily: not AddressFamily.InterNetworkV6 })
            return address?.MapToIPv4().ToString() ?? "";
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    /// <summary>Connections inherit the buffer of the socket that listens. With the kernel's own choice a reader that is gone is noticed after 4 MB.</summary>
    private static Socket Listen(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = Limits.SendBufferBytes;
        return socket;
    }
}
