using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

// The usual namespace for such methods, so that they are found without a using.
namespace Microsoft.Extensions.DependencyInjection;

public static class GraphQLServerServices
{
    /// <summary>
    /// Adds a GraphQL server whose schema is built from the classes added to the builder. Calling it again continues with the same schema.
    /// </summary>
    public static GraphQLServerBuilder AddGraphQLServer(this IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(GraphQLServerBuilder))?.ImplementationInstance is GraphQLServerBuilder known)
            return known;
        GraphQLServerBuilder builder = new GraphQLServerBuilder(services).AddParameterBinder(new DataParameterBinder());
        services.AddSingleton(builder);
        services.AddSingleton(provider => CodeFirstSchema.Build(
            builder.Configuration, provider.GetRequiredService<IServiceProviderIsService>(), provider.GetRequiredService<IOptions<RequestOptions>>().Value));
        services.TryAddSingleton<IPolicyEvaluator, AspNetCorePolicies>();
        services.AddGraphQLExecution();
        return builder;
    }
}
