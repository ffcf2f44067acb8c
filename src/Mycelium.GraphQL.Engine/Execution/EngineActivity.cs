using System.Diagnostics;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One span an operation, by OpenTelemetry's conventions for GraphQL; nothing when nobody listens.</summary>
internal static class EngineActivity
{
    private static readonly ActivitySource Source = new("Mycelium.GraphQL.Engine");

    public static Activity? Start() => Source.StartActivity("GraphQL", ActivityKind.Internal);

    public static void Describe(this Activity? activity, OperationDefinitionNode operation)
    {
        if (activity is null)
            return;
        activity.DisplayName = operation.Operation.Name();
        activity.SetTag("graphql.operation.type", operation.Operation.Name());
        if (operation.Name is { } name)
            activity.SetTag("graphql.operation.name", name);
    }

    /// <summary>The keyword of the language.</summary>
    public static string Name(this OperationType operation) => operation switch
    {
        OperationType.Query => "query",
        OperationType.Mutation => "mutation",
        _ => "subscription",
    };
}
