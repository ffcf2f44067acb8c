using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.AspNetCore.Mvc.Testing;
using Mycelium.Bench.Servers;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Health;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.Bench.Market;

/// <summary>
/// What a query allocates, from the request's parameters to the bytes of its response, measured with BenchmarkDotNet. The service runs in
/// this process. <c>AllocationTests</c> enforce similar limits.
/// </summary>
public class Allocations
{
    private const int AnswerBytes = 256 * 1024;
    private static BenchServers? servers;
    private readonly ArrayBufferWriter<byte> answer = new(AnswerBytes);
    private WebApplicationFactory<Readiness> service = null!;
    private IRequestExecutor executor = null!;
    private JsonElement body;

    [Params("q1", "q2", "q3")]
    public string Query { get; set; } = "";

    internal static void Print(BenchServers running)
    {
        servers = running;
        string folder = Directory.CreateTempSubdirectory("mycelium-bench-").FullName;
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
            .WithArtifactsPath(folder)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).AddLogger(NullLogger.Instance);
        Report.Line($"\nAllocations per query, one at a time\n");
        MarkdownExporter.GitHub.ExportToLog(BenchmarkRunner.Run<Allocations>(config), ConsoleLogger.Default);
        Directory.Delete(folder, recursive: true);
    }

    [GlobalSetup]
    public void Start()
    {
        service = new WebApplicationFactory<Readiness>().WithWebHostBuilder(host => host
            .UseEnvironment("Production")
            .UseContentRoot(RepositoryRoot.Combine("src", "Mycelium.GraphQL"))
            .UseSetting("Postgres:ConnectionString", PostgresServer.AsApplication(servers!.ConnectionString))
            .UseSetting("DataProtection:Certificate", KeyRingCertificate.Path)
            .UseSetting("AllowedHosts", "localhost").UseSetting("Coordination:Mode", "InProcess").UseSetting("Grid:SyncInterval", "1.00:00:00")
            .UseSetting("Grid:BaseUrl", servers.Grid.ToString()).ConfigureLogging(logging => logging.ClearProviders()));
        executor = service.Services.GetRequiredService<IRequestExecutor>();
        service.Services.GetRequiredService<StoreGate>().WhenOpen.Wait();
        body = JsonSerializer.Deserialize<JsonElement>(QueryCase.All.Single(one => one.Name == Query).Body);
    }

    [GlobalCleanup]
    public void Stop() => service.Dispose();

    [Benchmark]
    public async Task<int> Ask()
    {
        await using AsyncServiceScope scope = service.Services.CreateAsyncScope();
        using var result = (OperationResult)await executor.ExecuteAsync(new GraphQLRequest
        {
            Query = body.GetProperty("query").GetString(),
            Variables = body.GetProperty("variables"),
            Services = scope.ServiceProvider,
        });
        answer.ResetWrittenCount();
        result.WriteTo(answer);
        return result.Errors.Count == 0 ? answer.WrittenCount : throw new InvalidOperationException(result.Errors[0].Message);
    }
}
