using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Callers;

public static class CallersSetup
{
    /// <summary>
    /// Limits how much one account or one address may request and keep open. Development has the same limits, because manual testing does
    /// not reach them.
    /// </summary>
    public static void AddCallers(this WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection(RateLimitSettings.Section);
        builder.Services.Configure<RateLimitSettings>(section);
        builder.Services.AddSingleton<CallerMeter>();
        builder.Services.AddSingleton<IRequestMeter>(provider => provider.GetRequiredService<CallerMeter>());
        RateLimitSettings limits = section.Get<RateLimitSettings>() ?? new();
        builder.Services.Configure<GraphQLTransportOptions>(transport =>
        {
            transport.AddressOf = context => CallerAddress.Of(context.Connection.RemoteIpAddress);
            transport.MaxSocketsPerAddress = RateLimitSettings.Bound(limits.SocketsPerAddress);
            transport.MaxStreamsPerAddress = RateLimitSettings.Bound(limits.StreamsPerAddress);
            transport.MaxStreamsPerUser = RateLimitSettings.Bound(limits.StreamsPerAccount);
        });
    }
}
