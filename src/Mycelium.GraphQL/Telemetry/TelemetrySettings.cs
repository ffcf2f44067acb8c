using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Telemetry;

/// <summary>Where traces and metrics are sent, and which requests are logged: section <c>Telemetry</c>.</summary>
public sealed class TelemetrySettings
{
    public const string Section = "Telemetry";

    /// <summary>OpenTelemetry's own name for <see cref="OtlpEndpoint"/>, which the documentation of every collector uses.</summary>
    public const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>An OTLP collector, such as <c>http://localhost:4317</c>. If it is not set, nothing is exported and hardly anything measured.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>grpc</c>, or <c>http/protobuf</c> for a collector on port 4318.</summary>
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>What gets a span of its own, separated by commas: <see cref="ActivityScopes"/>. Resolvers and stages can be added on demand.</summary>
    public ActivityScopes Scopes { get; set; } = ActivityScopes.Default;

    /// <summary>
    /// Requests that take at least this long are logged, in one line each; zero logs none. The default of 1 s is ten times what the slowest
    /// legitimate request takes.
    /// </summary>
    public TimeSpan SlowOperation { get; set; } = TimeSpan.FromSeconds(1);
}
