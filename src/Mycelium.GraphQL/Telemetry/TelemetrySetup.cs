using Mycelium.GraphQL.Engine.Execution;
using OpenTelemetry.Exporter;

namespace Mycelium.GraphQL.Telemetry;

public static class TelemetrySetup
{
    /// <summary>Exports traces and metrics over OTLP where a collector is named, and logs slow requests.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        TelemetrySettings settings = builder.Configuration.GetSection(TelemetrySettings.Section).Get<TelemetrySettings>() ?? new();
        builder.Services.Configure<RequestOptions>(options =>
        {
            options.Instrumentation.Scopes = settings.Scopes;
            options.Instrumentation.SlowOperationThreshold = settings.SlowOperation > TimeSpan.Zero ? settings.SlowOperation : null;
        });

        string endpoint = settings.OtlpEndpoint.Length > 0 ? settings.OtlpEndpoint : builder.Configuration[TelemetrySettings.StandardEndpoint] ?? "";
        if (endpoint.Length == 0)
            return;
        OtlpExportProtocol protocol = settings.OtlpProtocol switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            var other => throw new InvalidOperationException($"Telemetry:OtlpProtocol: '{other}' is neither grpc nor http/protobuf."),
        };
        builder.Services.AddHostedService(_ => new TelemetryExport(new Uri(endpoint), protocol));
    }
}
