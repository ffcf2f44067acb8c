using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>A key ring in its own database: what a backup reveals, and that certificates and keys can change under load.</summary>
[Collection(ApiCollection.Name)] // In the shared collection: schemas must not be built concurrently in one process.
public sealed class KeyRingBackupTests : IAsyncLifetime
{
    private static readonly Uri noGrid = new("http://127.0.0.1:9"), noOtherGrid = new("http://127.0.0.1:10");
    private readonly List<Replica> replicas = [];
    private string connectionString = "";

    public async Task InitializeAsync() => connectionString = await (await PostgresServer.Shared).CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        foreach (Replica replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task A_backup_after_sign_ins_contains_no_usable_key_and_no_token()
    {
        string certificate = KeyRingCertificate.Make();
        Replica replica = Start(certificate);
        using var api = new Api(replica.Address);
        Credentials tokens = await SignUpAsync(api, "a@example.org");

        string dump = await PostgresServer.DumpAsync(connectionString);

        int rows = dump.IndexOf("COPY public.data_protection_keys", StringComparison.Ordinal);
        string keys = dump[rows..dump.IndexOf("\n\\.", rows, StringComparison.Ordinal)];
        Assert.Contains("encryptedSecret", keys, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", keys, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.AccessToken, dump, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.RefreshToken, dump, StringComparison.Ordinal);
        string restored = await RestoreAsync();
        await using var thief = new Replica(restored, noGrid, noOtherGrid, configure: null, ("DataProtection:Certificate", KeyRingCertificate.Make()));
        await Eventually.HoldsAsync(
            () => thief.Get<StoreGate>().ClosedBecause?.StartsWith("could not be brought up to date", StringComparison.Ordinal) == true,
            "a replica with another certificate does not start to serve");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(thief.Address, tokens.AccessToken));
        await using var owner = new Replica(restored, noGrid, noOtherGrid, ("DataProtection:Certificate", certificate));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(owner.Address, tokens.AccessToken));
    }

    [Fact]
    public async Task A_new_certificate_and_a_new_key_under_load_sign_nobody_out()
    {
        string before = KeyRingCertificate.Make(), after = KeyRingCertificate.Make();
        Replica one = Start(before), two = Start(after, old: before);
        using var load = new Load(one.Address, two.Address);
        await load.RoundsAsync(2);

        Replica second = Start(after, old: before);
        await load.ReplaceAsync(one.Address, second.Address);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        two.Get<IKeyManager>().CreateNewKey(now, now + TimeSpan.FromDays(90)); // Effective at once, without the week that replicas normally allow.
        await two.Get<KeyRing>().FollowAsync(default);
        await load.RoundsAsync(2);
        Replica third = Start(after, old: before);
        await load.ReplaceAsync(two.Address, third.Address);

        Assert.Empty(await load.EndAsync());
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        Assert.Empty(await OpenKeys.FindAsync(connection, default));
    }

    [Fact]
    public async Task Existing_plaintext_keys_are_revoked_by_the_command_and_accounts_must_sign_in_again()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("mycelium-command-").FullName, "key-ring.pem");
        Replica open = Start(certificate: "");
        using var api = new Api(open.Address);
        Credentials tokens = await SignUpAsync(api, "a@example.org");
        Assert.Contains("masterKey", await PostgresServer.DumpAsync(connectionString), StringComparison.Ordinal);

        Assert.Equal(
            (RevokeOpenKeysCommand.NoCertificate, "DataProtection:Certificate is not set"), Beginning(await RunAsync("revoke-open-keys", certificate: "")));
        Assert.Equal(MakeCertificateCommand.Done, (await RunAsync("make-certificate", "", path)).Code);
        Assert.Equal((MakeCertificateCommand.CannotWrite, $"{path} already exists. Nothing was written.\n"), await RunAsync("make-certificate", "", path));
        Assert.Equal(MakeCertificateCommand.WrongUse, (await RunAsync("make-certificate", "")).Code);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        (int code, string output) = await RunAsync("revoke-open-keys", path);
        Assert.True(code == RevokeOpenKeysCommand.Done, output);
        Assert.Equal(
            "1 unencrypted key was revoked, and an encrypted one is in use. Running replicas follow within two minutes. Everyone has to sign in again.\n",
            output);
        Assert.Equal((RevokeOpenKeysCommand.Done, "No key is unencrypted. Nothing was done.\n"), await RunAsync("revoke-open-keys", path));

        Replica wrapped = Start(path);
        using var again = new Api(wrapped.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(wrapped.Address, tokens.AccessToken));
        Assert.Null(await tokens.RefreshAsync(again));
        await Credentials.SignInAsync(again, "a@example.org");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task Outside_Development_a_replica_does_not_start_without_a_certificate()
    {
        (int code, string output) = await RunAsync("--urls=http://127.0.0.1:0", certificate: "");

        Assert.Equal(1, code);
        Assert.StartsWith("DataProtection:Certificate is not set: ", output, StringComparison.Ordinal);
        Assert.Contains("make-certificate", output, StringComparison.Ordinal);
    }

    private Replica Start(string certificate, string old = "")
    {
        var replica = new Replica(connectionString, noGrid, noOtherGrid, ("DataProtection:Certificate", certificate), ("DataProtection:OldCertificates", old));
        replicas.Add(replica);
        return replica;
    }

    private async Task<string> RestoreAsync()
    {
        string name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        foreach (Replica replica in replicas)
            await replica.DisposeAsync();
        replicas.Clear();
        NpgsqlConnection.ClearAllPools();
        return await (await PostgresServer.Shared).CreateDatabaseAsync(template: name); // Equivalent to restoring a dump.
    }

    private async Task<(int Code, string Output)> RunAsync(string command, string certificate, params string[] arguments)
    {
        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        string assembly = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "bin", configuration, "net10.0", "Mycelium.GraphQL.dll");
        using ChildProcess child = ChildProcess.Start(
            "dotnet", [assembly, command, .. arguments],
            new Dictionary<string, string?>
            {
                ["Postgres__ConnectionString"] = connectionString,
                ["DataProtection__Certificate"] = certificate,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
            });
        await child.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (child.ExitCode, child.Output);
    }

    private static (int, string) Beginning((int Code, string Output) answer) =>
        (answer.Code, answer.Output[..Math.Min(answer.Output.Length, "DataProtection:Certificate is not set".Length)]);

    private static async Task<Credentials> SignUpAsync(Api api, string email)
    {
        (await api.PostAsync("/account/register", new { email, password = ApiHost.Password })).Dispose();
        return await Credentials.SignInAsync(api, email);
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string token)
    {
        using var api = new Api(address, token);
        using HttpResponseMessage response = await api.PostAsync("/graphql", new { query = "{ me { email } }" });
        return response.StatusCode;
    }

    /// <summary>Simulated people who query, refresh and sign in, each request at the next replica. Every refusal is recorded.</summary>
    private sealed class Load : IDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly ConcurrentQueue<string> refusals = [];
        private readonly Task[] people;
        private readonly HttpClient http = new();
        private readonly int[] rounds;
        private volatile Uri[] addresses;

        public Load(params Uri[] addresses)
        {
            this.addresses = addresses;
            rounds = new int[4];
            people = [.. Enumerable.Range(0, rounds.Length).Select(person => Task.Run(() => RunRoundsAsync(person)))];
        }

        /// <summary>Waits until everybody has completed this many further rounds.</summary>
        public async Task RoundsAsync(int count)
        {
            int[] targets = [.. rounds.Select(done => done + count)];
            await Eventually.HoldsAsync(
                () => people.Any(person => person.IsCompleted)
                    || !Enumerable.Range(0, targets.Length).Any(person => Volatile.Read(ref rounds[person]) < targets[person]),
                "everybody has completed the rounds", TimeSpan.FromMinutes(1));
        }

        public async Task ReplaceAsync(Uri before, Uri after)
        {
            addresses = [.. addresses.Select(address => address == before ? after : address)];
            await RoundsAsync(2);
        }

        public async Task<IReadOnlyCollection<string>> EndAsync()
        {
            await ending.CancelAsync();
            await Task.WhenAll(people);
            return refusals;
        }

        public void Dispose()
        {
            ending.Dispose();
            http.Dispose();
        }

        private async Task RunRoundsAsync(int person)
        {
            int calls = person;
            var account = new { email = $"person-{person}@example.org", password = ApiHost.Password };
            await PostAsync("/account/register", account);
            JsonElement tokens = await PostAsync("/account/login", account);
            while (!ending.IsCancellationRequested && refusals.IsEmpty)
            {
                for (int query = 0; query < 4; query++)
                    await PostAsync("/graphql", new { query = "{ me { email } }" }, tokens.GetProperty("accessToken").GetString());
                tokens = await PostAsync("/account/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });
                if (Interlocked.Increment(ref rounds[person]) % 3 == 0)
                    tokens = await PostAsync("/account/login", account);
            }

            async Task<JsonElement> PostAsync(string path, object body, string? token = null)
            {
                Uri[] now = addresses;
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(now[calls++ % now.Length], path)) { Content = JsonContent.Create(body) };
                request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
                using HttpResponseMessage response = await http.SendAsync(request);
                string text = await response.Content.ReadAsStringAsync();
                if (!response.IsSuccessStatusCode)
                    refusals.Enqueue($"{path}: {response.StatusCode} {text}");
                return text.Length == 0 ? default : JsonElement.Parse(text);
            }
        }
    }
}
