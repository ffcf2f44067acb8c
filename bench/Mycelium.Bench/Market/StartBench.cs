using System.Diagnostics;
using System.Text;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>How long does a replica take from its process's start to its first answer, on a database that is up to date?</summary>
internal static class StartBench
{
    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        QueryCase query = QueryCase.All[0];
        List<double> listening = [], answered = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Uri api = await servers.StartReplicaAsync();
            listening.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            using var http = new HttpClient();
            using var content = new StringContent(query.Body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri(api, "/graphql"), content);
            answer.EnsureSuccessStatusCode();
            answered.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Report.Line($"\nCold start, {options.Rounds} replicas, medians: listening after {listening.Median():F0} ms, {query.Name} answered after {answered.Median():F0} ms; the goal is 1500\n");
    }
}
