using System.Globalization;
using System.Text.RegularExpressions;
using Mycelium.Bench.Servers;
using Mycelium.Testing;

namespace Mycelium.Bench.Market;

/// <param name="PerSecond">Requests per second.</param>
/// <param name="Spent">Processor time per request in microseconds; that of the server includes its runtime's own work.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record HttpRun(double PerSecond, Spent Spent, double P50, double P99);

/// <summary>One run of wrk: 16 connections, each of which sends the next request when it has the response.</summary>
internal static partial class Wrk
{
    public static async Task<HttpRun> RunAsync(Uri address, string body, Func<Spent> spent, int seconds)
    {
        string script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script,
                $"wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\nwrk.body = [==[{body}]==]\n");
            Spent before = spent();
            string output = await ChildProcess.RunAsync("wrk",
                ["-t1", "-c16", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
                    "--timeout", "10s", "--latency", "-s", script, address.ToString()]);
            Spent after = spent();
            if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
                throw new InvalidOperationException(output);
            return new(
                Number(PerSecond().Match(output)), after.Since(before, Number(Count().Match(output))),
                Milliseconds(P50().Match(output)), Milliseconds(P99().Match(output)));
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1_000 };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex Count();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P50();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99();
}
