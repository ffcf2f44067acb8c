using System.Diagnostics;
using System.Globalization;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.FanOut;

/// <summary>The hand-written server. Events are published over HTTP; time counts from sending the request.</summary>
internal sealed class BarePublisher(Uri server, int processId) : IPublisher
{
    private readonly HttpClient http = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(5) };

    public string Name => "bare";
    public int ProcessId => processId;
    public Spent Spent => new(ProcessorTime.MicrosecondsOf(processId), 0, 0, ProcessorTime.MicrosecondsOf(Environment.ProcessId));

    /// <summary>The same bytes that our server sends.</summary>
    public byte[] Frame { get; set; } = [];

    public Task BeginAsync() => Task.CompletedTask;

    /// <summary>Subscribers of several topics subscribe to topic 0 instead.</summary>
    public (Uri Address, string? Subscribe) Subscription(int[] topics, int variation, int subscriber) =>
        (new Uri(server, string.Create(CultureInfo.InvariantCulture, $"/listen/{(topics.Length == 1 ? topics[0] : 0)}")), null);

    public async Task<long> PublishAsync(int[] topics)
    {
        long at = Stopwatch.GetTimestamp();
        using var content = new ByteArrayContent(Frame);
        using HttpResponseMessage answer = await http.PostAsync(
            "/publish?" + string.Join('&', topics.Select(topic => string.Create(CultureInfo.InvariantCulture, $"topic={topic}"))), content);
        answer.EnsureSuccessStatusCode();
        return at;
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}
