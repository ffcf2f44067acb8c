using System.Diagnostics;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Tracing spans inside a request.</summary>
internal static class EngineActivity
{
    /// <summary>A field's resolver in a span of its own. Its arguments and value are not recorded.</summary>
    public static async ValueTask<object?> TracedAsync(this FieldDelegate resolver, ResolverContext context, EngineTelemetry telemetry)
    {
        using Activity? activity = telemetry.StartStage(ActivityScopes.ResolveFieldValue, "graphql.resolve");
        activity?.SetTag("graphql.selection.field.name", context.Field.Name).SetTag("graphql.selection.field.parent_type", context.Field.DeclaringType.Name);
        try
        {
            return await resolver(context).ConfigureAwait(false);
        }
        catch
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>The keyword in the language.</summary>
    public static string Name(this OperationType operation) => operation switch
    {
        OperationType.Query => "query",
        OperationType.Mutation => "mutation",
        _ => "subscription",
    };
}
