using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;

// The usual namespace for such methods, so that they are found without a using.
namespace Microsoft.Extensions.DependencyInjection;

public static class InstrumentationSetup
{
    /// <summary>The name of the activity source and of the meter, for an exporter to subscribe to.</summary>
    public const string SourceName = EngineTelemetry.Name;

    /// <summary>
    /// What gets a span of its own, and what counts as slow. By default there are spans whenever there is a listener; see
    /// <see cref="ActivityScopes.Default"/>.
    /// </summary>
    public static GraphQLServerBuilder AddInstrumentation(this GraphQLServerBuilder builder, Action<InstrumentationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ModifyRequestOptions(options => configure(options.Instrumentation));
    }
}
