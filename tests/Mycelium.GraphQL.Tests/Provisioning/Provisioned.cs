using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.GridStandIn;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Provisioning;

/// <summary>A replica whose main grid has a provisioner with real machines; the grid <c>test</c> sells slices without.</summary>
internal sealed class Provisioned : IAsyncDisposable
{
    public const string Access = "access { state reason host port user hostKeys instructions consoleUrl }";
    private const string Secret = "a-secret-of-the-tests-32-characters-long";
    private readonly ApiHost host;
    private readonly Replica replica;

    private Provisioned(ApiHost host, StandInServer provisioner, (string Name, string Value)[] settings)
    {
        (this.host, Provisioner) = (host, provisioner);
        replica = host.StartReplica(
        [
            ("Provisioners:main:BaseUrl", provisioner.ProvisionerAddress.ToString()), ("Provisioners:main:Secret", Secret),
            ("Provisioning:Interval", "00:00:00.100"), ("Provisioning:RetryDelay", "00:00:00.100"), ("Provisioning:RetryDelayMax", "00:00:00.200"),
            ("Provisioning:BreakerRequestsMin", "1000"), .. settings,
        ]);
    }

    public StandInServer Provisioner { get; }

    public static async Task<Provisioned> StartAsync(ApiHost host, params (string Name, string Value)[] settings) => new(
        host, await StandInServer.StartAsync(new StandInOptions { Nodes = 3, Farms = 1, ProvisionerSecret = Secret }), settings);

    /// <summary>The same account, here.</summary>
    public Api As(Api account) => host.Client(account.Token, replica.Address);

    /// <summary>A renter with a rental.</summary>
    public async Task<(Api Renter, string RentalId)> RentAsync(string? sshKey = null)
    {
        Api renter = As(await host.RenterAsync());
        Dictionary<string, object?> input = host.Input(await host.PublishAsync());
        input["sshPublicKey"] = sshKey ?? Renting.SshKey;
        return (renter, (await renter.RentAsync(input)).GetProperty("id").GetString()!);
    }

    public static async Task<JsonElement> AccessAsync(Api caller, string rentalId) =>
        (await caller.DataAsync($"query($id: ID!) {{ rental(id: $id) {{ {Access} }} }}", new { id = rentalId })).GetProperty("rental").GetProperty("access");

    /// <summary>The access when it has a state, and another port than before.</summary>
    public static async Task<JsonElement> AccessAsync(Api caller, string rentalId, string state, int? notPort = null)
    {
        JsonElement access = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                access = await AccessAsync(caller, rentalId);
                return access.GetProperty("state").GetString() == state && (notPort is null || access.GetProperty("port").GetInt32() != notPort);
            },
            $"access that is {state}", TimeSpan.FromSeconds(30));
        return access;
    }

    /// <summary>Logs in with a key of its own and believes the host keys of the API alone.</summary>
    public static async Task<string> SshAsync(JsonElement access, string folder, string command)
    {
        string port = access.GetProperty("port").GetInt32().ToString(CultureInfo.InvariantCulture);
        string host = access.GetProperty("host").GetString()!;
        string known = Path.Combine(folder, "known_hosts");
        await File.WriteAllLinesAsync(known, access.GetProperty("hostKeys").EnumerateArray().Select(key => $"[{host}]:{port} {key.GetString()}"));
        return await ChildProcess.RunAsync(
            "ssh",
            [
                "-F", "none", "-i", Path.Combine(folder, "id"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=none", "-o", $"UserKnownHostsFile={known}",
                "-p", port, "-l", access.GetProperty("user").GetString()!, host, command,
            ],
            deadline: TimeSpan.FromSeconds(30));
    }

    public static async Task<string> NewKeyAsync(string folder)
    {
        await ChildProcess.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "renter", "-f", Path.Combine(folder, "id")]);
        return (await File.ReadAllTextAsync(Path.Combine(folder, "id.pub"))).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await replica.DisposeAsync();
        await Provisioner.DisposeAsync();
    }
}
