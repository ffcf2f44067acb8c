namespace Mycelium.GraphQL.Events;

public static class EventsSetup
{
    /// <summary>Live delivery: what feeds need, and the one reader that delivers to all of them.</summary>
    public static IServiceCollection AddFeeds(this IServiceCollection services) => services
        .AddSingleton<FeedServices>()
        .AddSingleton<UnreadableEvents>()
        .AddSingleton<LiveFeeds>()
        .AddHostedService(provider => provider.GetRequiredService<LiveFeeds>());
}
