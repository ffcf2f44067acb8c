using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mycelium.Bench.Rentals;

/// <summary>Callers of <c>rentSlices</c> over HTTP: each with its account, its connection and one request at a time.</summary>
internal sealed class RentCallers(Uri api, string[] tokens) : IDisposable
{
    private const string Mutation = """
        mutation Rent($input: RentSlicesInput!) {
          rentSlices(input: $input) { __typename ... on SlicesRented { rental { id paid endsAt } } ... on Problem { code message } }
        }
        """;

    /// <summary>Its private half was thrown away.</summary>
    private const string SshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx9dcVVXTyE4j7Sg3rUFvbIWnE2LckTZP5A7QkWJ1bM bench";

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = tokens.Length }) { BaseAddress = api };
    private readonly AuthenticationHeaderValue[] callers = [.. tokens.Select(token => new AuthenticationHeaderValue("Bearer", token))];

    /// <param name="nextNode">The node of the next rental.</param>
    /// <param name="count">How many call at once.</param>
    /// <param name="seconds">For how long.</param>
    /// <exception cref="InvalidOperationException">An answer was no rental: then the numbers mean nothing.</exception>
    public async Task<RentRun> RunAsync(Func<long> nextNode, int count, int seconds)
    {
        var clock = Stopwatch.StartNew();
        List<double>[] taken = await Task.WhenAll(callers.Take(count).Select(caller => CallAsync(caller, nextNode, clock, TimeSpan.FromSeconds(seconds))));
        return RentRun.Of([.. taken.SelectMany(each => each)], clock.Elapsed.TotalSeconds);
    }

    public void Dispose() => http.Dispose();

    private async Task<List<double>> CallAsync(AuthenticationHeaderValue caller, Func<long> nextNode, Stopwatch clock, TimeSpan end)
    {
        List<double> milliseconds = [];
        while (clock.Elapsed < end)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = Rent(nextNode()) };
            request.Headers.Authorization = caller;
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await http.SendAsync(request);
            byte[] answer = await response.Content.ReadAsByteArrayAsync();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (answer.AsSpan().IndexOf("\"SlicesRented\""u8) < 0)
                throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        }
        return milliseconds;
    }

    private static ByteArrayContent Rent(long node)
    {
        var input = new
        {
            sliceCombinationId = Convert.ToBase64String(Encoding.UTF8.GetBytes(FormattableString.Invariant($"SliceCombination:{node * 1024 + 1}"))),
            quantity = 1,
            term = new { hours = 1 },
            sshPublicKey = SshKey,
            idempotencyKey = Guid.NewGuid().ToString("N"),
        };
        return new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { query = Mutation, variables = new { input } }))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
    }
}
