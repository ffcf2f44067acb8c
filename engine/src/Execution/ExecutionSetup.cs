using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Mycelium.GraphQL.Engine.Execution;

internal static class ExecutionSetup
{
    /// <summary>Registers the executor of the <see cref="TypeSystem.Schema"/> service, and what resolvers get from the engine.</summary>
    public static IServiceCollection AddGraphQLExecution(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions<RequestOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRequestExecutor, RequestExecutor>();
        services.TryAddSingleton(provider => new InMemoryTopics(provider.GetRequiredService<IOptions<RequestOptions>>().Value.TopicBufferCapacity));
        services.TryAddSingleton<ITopicEventSender>(provider => provider.GetRequiredService<InMemoryTopics>());
        services.TryAddSingleton<ITopicEventReceiver>(provider => provider.GetRequiredService<InMemoryTopics>());
        return services;
    }
}
