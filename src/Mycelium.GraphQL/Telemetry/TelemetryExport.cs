using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mycelium.GraphQL.Telemetry;

/// <summary>
/// Listens to the engine, the web server, the database driver and the HTTP client while the service runs, and sends what they tell to a collector.
/// Sampling and batching are OpenTelemetry's own settings (<c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_BSP_…</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>).
/// </summary>
internal sealed class TelemetryExport(Uri endpoint, OtlpExportProtocol protocol) : IHostedService, IDisposable
{
    private static readonly string[] sources = [InstrumentationSetup.SourceName, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private static readonly string[] meters =
        [InstrumentationSetup.SourceName, "Mycelium", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"];

    private readonly Lock ending = new();
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder service = ResourceBuilder.CreateDefault().AddService("mycelium-api").AddEnvironmentVariableDetector(); // OTEL_SERVICE_NAME wins.
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(service).AddSource(sources).AddOtlpExporter(options => To(options, "v1/traces")).Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(service).AddMeter(meters).AddOtlpExporter(options => To(options, "v1/metrics")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose(); // Sends what is left.
        return Task.CompletedTask;
    }

    /// <summary>A host may be stopped from two sides at once: who comes second waits too, so that everything is sent when either has returned.</summary>
    public void Dispose()
    {
        lock (ending)
        {
            traces?.Dispose();
            metrics?.Dispose();
            (traces, metrics) = (null, null);
        }
    }

    private void To(OtlpExporterOptions options, string path)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint, path) : endpoint;
    }
}
