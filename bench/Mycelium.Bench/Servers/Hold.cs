using System.Runtime.InteropServices;

namespace Mycelium.Bench.Servers;

/// <summary>Starts and fills the servers for a profiler or for manual inspection, prints their addresses, and waits until it is stopped.</summary>
internal static class Hold
{
    public static async Task RunAsync(BenchServers servers)
    {
        var stopped = new TaskCompletionSource();
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Report.Line($"api {new Uri(servers.Api, "/graphql")} process {servers.ApiProcessId}");
        Report.Line($"postgres \"{servers.ConnectionString}\" process {servers.PostgresProcessId}");
        Report.Line($"redis {servers.Redis} process {servers.RedisProcessId}");
        Report.Line($"Waiting. SIGINT or SIGTERM to process {Environment.ProcessId} stops all of them.");
        await stopped.Task;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
