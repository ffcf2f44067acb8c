using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mycelium.GraphQL.Telemetry;

public static class TelemetrySetup
{
    private static readonly string[] sources = [InstrumentationSetup.SourceName, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private static readonly string[] meters =
    [
        MyceliumMeter.Name, InstrumentationSetup.SourceName,
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql",
    ];

    /// <summary>Exports traces and metrics over OTLP if a collector is set, and logs slow requests.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        TelemetrySettings settings = builder.Configuration.GetSection(TelemetrySettings.Section).Get<TelemetrySettings>() ?? new();
        builder.Services.Configure<RequestOptions>(options =>
        {
            options.Instrumentation.Scopes = settings.Scopes;
            options.Instrumentation.SlowOperationThreshold = settings.SlowOperation > TimeSpan.Zero ? settings.SlowOperation : null;
        });

        string endpoint = settings.OtlpEndpoint.Length > 0 ? settings.OtlpEndpoint : builder.Configuration[TelemetrySettings.StandardEndpoint] ?? "";
        if (endpoint.Length > 0)
            builder.Services.AddExport(new Uri(endpoint), ProtocolOf(settings));
    }

    /// <summary>
    /// Sampling and batching follow OpenTelemetry's own settings (<c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_BSP_…</c>,
    /// <c>OTEL_METRIC_EXPORT_INTERVAL</c>).
    /// </summary>
    private static void AddExport(this IServiceCollection services, Uri endpoint, OtlpExportProtocol protocol)
    {
        services.AddOpenTelemetry()
            // In this order OTEL_SERVICE_NAME takes precedence.
            .ConfigureResource(service => service.AddService("mycelium-api").AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddSource(sources).AddOtlpExporter(options => SendTo(options, "v1/traces")))
            .WithMetrics(metrics => metrics.AddMeter(meters).AddOtlpExporter(options => SendTo(options, "v1/metrics")));

        void SendTo(OtlpExporterOptions options, string path)
        {
            options.Protocol = protocol;
            options.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint, path) : endpoint;
        }
    }

    private static OtlpExportProtocol ProtocolOf(TelemetrySettings settings) => settings.OtlpProtocol switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        var other => throw new InvalidOperationException($"Telemetry:OtlpProtocol: '{other}' is neither grpc nor http/protobuf."),
    };
}
