using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;

// Where every library for dependency injection puts its entry, so that it is found without a using.
namespace Microsoft.Extensions.DependencyInjection;

public static class InstrumentationSetup
{
    /// <summary>The name of the activity source and of the meter, for an exporter to subscribe to.</summary>
    public const string SourceName = EngineTelemetry.Name;

    /// <summary>What has a span of its own, and what counts as slow. Spans are there by default while somebody listens; see <see cref="ActivityScopes.Default"/>.</summary>
    public static GraphQLServerBuilder AddInstrumentation(this GraphQLServerBuilder builder, Action<InstrumentationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ModifyRequestOptions(options => configure(options.Instrumentation));
    }
}
