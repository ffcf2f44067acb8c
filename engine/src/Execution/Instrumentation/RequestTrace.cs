using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One request with a listener: its span, its metrics, and its log line when it was slow.</summary>
internal sealed partial class RequestTrace(EngineTelemetry telemetry, TimeProvider clock)
{
    /// <summary>A name comes from the client: longer ones are cut, so that they cannot fill logs and traces.</summary>
    private const int NameLengthMax = 100;

    private readonly long startedAt = clock.GetTimestamp();
    private readonly Activity? activity = telemetry.StartRequest();
    private CachedDocument? document;
    private string? documentId;
    private string operationType = "unknown";
    private string? operationName;

    public void Found(CachedDocument found, string? id) => (document, documentId) = (found, id);

    public void Resolved(OperationDefinitionNode operation)
    {
        operationType = operation.Operation.Name();
        operationName = operation.Name is { Length: > NameLengthMax } name ? name[..NameLengthMax] : operation.Name;
    }

    /// <param name="result">Null when the client has disconnected.</param>
    public void End(ExecutionResult? result)
    {
        TimeSpan duration = clock.GetElapsedTime(startedAt);
        IReadOnlyList<GraphQLError> errors = (result as OperationResult)?.Errors ?? [];
        string? code = errors.Count > 0 ? errors[0].Code : null;
        string outcome = result switch
        {
            null => "cancelled",
            OperationResult { HasData: false } => "refused",
            _ when errors.Count > 0 => "partial",
            _ => "success",
        };
        EngineTelemetry.Record(duration, operationType, outcome, code);
        if (duration >= telemetry.Options.SlowOperationThreshold && telemetry.Logger.IsEnabled(LogLevel.Warning))
        {
            LogSlow(
                telemetry.Logger, operationType, operationName ?? "", duration.TotalMilliseconds, document?.Hash ?? "",
                string.Join(' ', errors.Select(error => error.Code).Distinct(StringComparer.Ordinal)));
        }
        Close(code);
    }

    private void Close(string? errorCode)
    {
        if (activity is null)
            return;
        activity.DisplayName = operationType == "unknown" ? activity.OperationName : operationType;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag("graphql.operation.type", operationType == "unknown" ? null : operationType)
                .SetTag("graphql.operation.name", operationName)
                .SetTag("graphql.document.hash", document is null ? null : "sha256:" + document.Hash)
                .SetTag("graphql.document.id", documentId)
                .SetTag("graphql.document", telemetry.Options.IncludeDocument ? document?.Text : null)
                .SetTag("error.type", errorCode);
        }
        if (errorCode is not null)
            activity.SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }

    [LoggerMessage(
        10, LogLevel.Warning, "Slow GraphQL {OperationType} {OperationName}: {DurationMs:F0} ms, document {DocumentHash}, error codes [{ErrorCodes}].")]
    private static partial void LogSlow(ILogger logger, string operationType, string operationName, double durationMs, string documentHash, string errorCodes);
}
