using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// An account uses every operation, with the same unlikely word in all of its secrets and private texts, while all other callers request every field.
/// The word, the account's tokens and its stored password hash must then not occur in anything that the service sent, except to the account itself.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class CanaryTests(ApiHost host)
{
    private readonly string canary = $"canary{Guid.NewGuid():N}";
    private readonly ConcurrentBag<(string Where, string Text)> seen = [];

    [Fact]
    public async Task Nothing_secret_or_private_reaches_a_log_a_trace_a_metric_or_another_callers_response()
    {
        await using var collector = new OtlpCollector();
        string address = await collector.StartAsync();
        using var log = new KeptLog();
        var secrets = new List<string> { canary };

        await using (Replica replica = host.StartReplica(
            services => services.AddSingleton<ILoggerProvider>(log).PostConfigure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Information),
            ("Telemetry:OtlpEndpoint", address), ("Telemetry:OtlpProtocol", "http/protobuf"),
            ("Telemetry:Scopes", "All"), ("Telemetry:SlowOperation", "00:00:00")))
        {
            long node = await host.PublishAsync(slices: 32);
            People people = await People.CreateAsync(host);
            using var stream = EventSourceOf(replica, host.Anyone);
            (Api owner, string rental) = await UseEveryOperationAsync(replica, node, secrets);
            await QueryEverythingAsync(replica, people, await ApiHost.GlobalIdAsync(owner), rental, node);
            secrets.AddRange(await StoredAsync());
            foreach (string path in (string[])["/health/ready", "/health/live", "/account/manage/info", "/graphql/schema"])
                await KeepAsync($"anyone's {path}", host.Client(address: replica.Address).GetAsync(path));
        }

        await Eventually.HoldsAsync(() => collector.Received("/v1/metrics").Length > 0, "the metrics are exported", TimeSpan.FromSeconds(20));
        seen.Add(("the log", log.Text));
        seen.Add(("traces and metrics", collector.All));
        Assert.Contains("rentSlices", collector.All, StringComparison.Ordinal); // The searched telemetry is not empty.
        Assert.Contains("GraphQL", log.Text, StringComparison.Ordinal);
        Assert.True(seen.Count > 1_000, $"Only {seen.Count} texts were searched.");
        Assert.All(secrets, secret => Assert.True(secret.Length >= 16, "A secret of few characters would occur by chance."));
        string[] leaks =
        [
            .. from text in seen
               from secret in secrets
               where text.Text.Contains(secret, StringComparison.Ordinal)
               select $"{text.Where}: {Around(text.Text, secret)}",
        ];
        Assert.True(leaks.Length == 0, string.Join('\n', leaks.Take(20)));
    }

    [Fact]
    public void A_leak_is_found() => Assert.Equal("…xx secret yy…", Around("wwxx secret yyzz", "secret", margin: 3));

    /// <summary>
    /// Signs up, signs in with right and wrong passwords, refreshes, rents and cancels, and makes every mistake whose message could echo the input.
    /// </summary>
    private async Task<(Api Owner, string Rental)> UseEveryOperationAsync(Replica replica, long node, List<string> secrets)
    {
        string email = $"{canary}@example.org", password = $"Pw-{canary}-1";
        JsonElement signedIn = await host.SignUpAsync(email, password);
        string access = signedIn.GetProperty("accessToken").GetString()!, refresh = signedIn.GetProperty("refreshToken").GetString()!;
        Api owner = host.Client(access, replica.Address), anyone = host.Client(address: replica.Address), forger = host.Client(canary, replica.Address);
        secrets.AddRange([access, refresh]);

        Refusal.AssertNone("FundsDeposited", await host.Operator.MutateAsync(
            "depositFunds", new { accountId = await ApiHost.GlobalIdAsync(owner), amount = 100, idempotencyKey = canary }));
        string quote = (await owner.QuotedAsync(node)).GetProperty("token").GetString()!;
        secrets.Add(quote);
        Dictionary<string, object?> wish = host.Input(node, quoteToken: quote);
        wish["sshPublicKey"] = A.Ed25519Line(filledWith: 9, comment: canary);
        wish["idempotencyKey"] = canary;
        string rental = (await owner.RentAsync(wish)).GetProperty("id").GetString()!;

        // Each of these is the owner's own mistake: the owner may see the response, but the log must not contain the input.
        await owner.MutateAsync("rentSlices", new Dictionary<string, object?>(wish) { ["quantity"] = 2 });
        await owner.MutateAsync("rentSlices", new Dictionary<string, object?>(wish) { ["sshPublicKey"] = $"-----BEGIN PRIVATE KEY----- {canary}" });
        await owner.SendAsync($"query {{ {canary} }}");
        await owner.SendAsync("query($id: ID!) { node(id: $id) { id } }", new { id = canary });
        await owner.SendAsync("query($first: Int) { farms(first: $first) { nodes { id } } }", new { first = canary });
        await owner.SendAsync("subscription($after: String) { onRentalChanged(after: $after) { __typename } }", new { after = canary });
        await owner.PostAsync("/account/manage/info", new { oldPassword = $"wrong-{canary}", newPassword = $"New-{canary}-2" });
        await anyone.PostAsync("/account/login", new { email, password = $"wrong-{canary}" });
        await anyone.PostAsync("/account/login", new { email, password, twoFactorCode = canary });
        await anyone.PostAsync("/account/register", new { email, password });
        await anyone.PostAsync("/account/refresh", new { refreshToken = canary });
        await anyone.PostAsync("/account/forgotPassword", new { email });
        await anyone.PostAsync("/account/resetPassword", new { email, resetCode = canary, newPassword = $"New-{canary}-2" });
        await anyone.PostAsync("/account/refresh", new { refreshToken = refresh });
        using HttpResponseMessage byToken = await forger.PostAsync("/graphql", new { query = "{ me { id } }" });
        using HttpResponseMessage inAddress = await owner.GetAsync($"/graphql?query={{__typename}}&extensions={{\"a\":\"{canary}\"}}");
        Refusal.AssertNone("RentalCancelled", await owner.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = canary }));
        return (owner, rental);
    }

    private async Task QueryEverythingAsync(Replica replica, People people, string account, string rental, long node)
    {
        var values = new Dictionary<string, string>(people.Values)
        {
            ["rental"] = rental,
            ["ended"] = rental,
            ["renter"] = account,
            ["node"] = FormattableString.Invariant($"{node}"),
            ["combination"] = ApiHost.Combination(node),
        };
        var matrix = Matrix.Read();
        await Parallel.ForEachAsync(people.Callers, async (caller, _) =>
        {
            using ITransport connection = ITransport.Open("HTTP", host.Client(caller.Value.Token, replica.Address));
            foreach (string field in matrix.Fields.Where(field => !field.StartsWith("Subscription.", StringComparison.Ordinal)))
            {
                string document = FieldDocument.Of(field, matrix.ArgumentsOf(field), replica.Get<IRequestExecutor>().Schema, values, host.NewKey());
                seen.Add(($"{caller.Key}'s {field}", (await connection.FirstResultAsync(document)).GetRawText()));
            }
        });
    }

    /// <summary>What another caller receives while the account rents and cancels.</summary>
    private KeptStream EventSourceOf(Replica replica, Api stranger)
    {
        const string subscription = "subscription { onGridNodeChanged { __typename ... on GridNodeChanged { gridNode { id freeSlices } } } }";
        return new(
            new Uri(replica.Address, $"/graphql?query={Uri.EscapeDataString(subscription)}"), stranger.Token,
            text => seen.Add(("a stranger's stream", text)));
    }

    private async Task KeepAsync(string where, Task<HttpResponseMessage> sending)
    {
        using HttpResponseMessage response = await sending;
        seen.Add((where, $"{response.Headers} {await response.Content.ReadAsStringAsync()}"));
    }

    /// <summary>Returns the account's password hash and security stamp, and all keys, as the database stores them.</summary>
    private async Task<string[]> StoredAsync()
    {
        await using NpgsqlCommand read = host.Database.CreateCommand(
            """
            SELECT password_hash FROM accounts WHERE email LIKE $1 || '%'
            UNION ALL SELECT security_stamp FROM accounts WHERE email LIKE $1 || '%'
            UNION ALL SELECT substring(xml FROM '<(?:value|CipherValue)>([^<]+)') FROM data_protection_keys
            """);
        read.Parameters.Add(new NpgsqlParameter<string> { TypedValue = canary });
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync();
        var stored = new List<string>();
        while (await reader.ReadAsync())
            stored.Add(reader.GetString(0));
        Assert.True(stored.Count >= 3, "The account or the key is missing.");
        return [.. stored];
    }

    private static string Around(string text, string secret, int margin = 60)
    {
        int at = text.IndexOf(secret, StringComparison.Ordinal), from = Math.Max(0, at - margin);
        return $"…{text[from..Math.Min(text.Length, at + secret.Length + margin)]}…";
    }

    /// <summary>Reads an event stream until it is disposed.</summary>
    private sealed class KeptStream : IDisposable
    {
        private readonly HttpClient http = new();
        private readonly CancellationTokenSource stop = new();

        public KeptStream(Uri address, string? token, Action<string> keep) => _ = ReadAsync(address, token, keep);

        public void Dispose()
        {
            stop.Cancel();
            stop.Dispose();
            http.Dispose();
        }

        private async Task ReadAsync(Uri address, string? token, Action<string> keep)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Accept.ParseAdd("text/event-stream");
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
                using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
                using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop.Token));
                while (await lines.ReadLineAsync(stop.Token) is { } line)
                    keep(line);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException)
            {
                // Read until the stream ended.
            }
        }
    }

    /// <summary>Every line that the service logs, with its parameters and exceptions.</summary>
    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = [];

        public string Text => string.Join('\n', lines);

        public ILogger CreateLogger(string categoryName)
        {
            lines.Enqueue(categoryName);
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string parts = state is IEnumerable<KeyValuePair<string, object?>> values
                ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"))
                : "";
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {parts} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
