using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Telemetry;

/// <summary>Where traces and metrics go, and which requests are worth a line in the log: section <c>Telemetry</c>.</summary>
public sealed class TelemetrySettings
{
    public const string Section = "Telemetry";

    /// <summary>OpenTelemetry's own name for <see cref="OtlpEndpoint"/>, which every collector's documentation uses.</summary>
    public const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>A collector that speaks OTLP, such as <c>http://localhost:4317</c>. Nothing is exported, and next to nothing measured, unless it is set.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>grpc</c>, or <c>http/protobuf</c> for a collector at port 4318.</summary>
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>What has a span of its own, separated by commas: <see cref="ActivityScopes"/>. Resolvers and stages are there on demand.</summary>
    public ActivityScopes Scopes { get; set; } = ActivityScopes.Default;

    /// <summary>1 s: ten times what the slowest honest request takes. One that takes as long is logged in one line; zero for none.</summary>
    public TimeSpan SlowOperation { get; set; } = TimeSpan.FromSeconds(1);
}
