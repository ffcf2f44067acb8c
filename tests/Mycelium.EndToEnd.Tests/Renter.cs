using System.Collections.Concurrent;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>The response of <c>rentSlices</c>: the union member, and the fields that tests look at.</summary>
public sealed record RentAnswer(string Type, string? RentalId, string? Code, string? Reason);

/// <summary>An account with money, signed in at every replica with one token.</summary>
public sealed class Renter : IDisposable
{
    private const string RentSlices =
        """
        mutation ($input: RentSlicesInput!) {
          rentSlices(input: $input) {
            __typename
            ... on SlicesRented { rental { id } }
            ... on NodeUnavailable { reason }
            ... on Problem { code }
          }
        }
        """;

    public static readonly string SshKey = A.Ed25519Line(filledWith: 7);
    private readonly ConcurrentDictionary<Uri, ApiClient> clients = [];

    private Renter(string token) => Token = token;

    public string Token { get; }

    /// <summary>Creates an account with a thousand dollars, deposited by the demo operator.</summary>
    public static Task<Renter> SignUpAsync(Cluster cluster) => SignUpAsync(cluster.Replicas[0]);

    public static async Task<Renter> SignUpAsync(Uri replica)
    {
        const string password = "Some-Renter-1";
        string email = $"{Guid.NewGuid():N}@test.mycelium";
        using var anonymous = new ApiClient(replica);
        await anonymous.Register(email, password);
        var renter = new Renter(await anonymous.LogIn(email, password));

        using Renter cashier = await SignInAsync(replica, "operator");
        JsonElement me = (await renter.At(replica).Data("{ me { id } }")).GetProperty("me");
        JsonElement paid = await cashier.At(replica).Data(
            "mutation ($input: DepositFundsInput!) { depositFunds(input: $input) { __typename } }",
            new { input = new { accountId = me.GetProperty("id").GetString(), amount = "1000", idempotencyKey = Guid.NewGuid().ToString() } });
        Assert.Equal("FundsDeposited", paid.GetProperty("depositFunds").GetProperty("__typename").GetString());
        return renter;
    }

    /// <summary>Signs a demo account in: <c>farmer</c>, <c>operator</c> or <c>renter</c>.</summary>
    public static async Task<Renter> SignInAsync(Uri replica, string demoAccount)
    {
        using var anonymous = new ApiClient(replica);
        return new Renter(await anonymous.LogIn($"{demoAccount}@demo.mycelium", "Demo-Mycelium-1"));
    }

    public ApiClient At(Uri replica) => clients.GetOrAdd(replica, address => new ApiClient(address, Token));

    /// <summary>Rents this quantity for one hour.</summary>
    /// <exception cref="InvalidOperationException">The response has errors.</exception>
    public async Task<RentAnswer> RentAsync(Uri replica, string combinationId, string? key = null, int quantity = 1)
    {
        object input = new
        {
            sliceCombinationId = combinationId,
            quantity,
            term = new { hours = 1 },
            sshPublicKey = SshKey,
            idempotencyKey = key ?? Guid.NewGuid().ToString(),
        };
        JsonElement answer = (await At(replica).Data(RentSlices, new { input })).GetProperty("rentSlices");
        return new RentAnswer(
            answer.GetProperty("__typename").GetString()!,
            answer.TryGetProperty("rental", out JsonElement rental) ? rental.GetProperty("id").GetString() : null,
            answer.TryGetProperty("code", out JsonElement code) ? code.GetString() : null,
            answer.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null);
    }

    /// <summary>Rents a slice by the hour.</summary>
    public async Task<string> RentMeteredAsync(Uri replica, string combinationId)
    {
        object input = new { sliceCombinationId = combinationId, billing = "METERED", sshPublicKey = SshKey, idempotencyKey = Guid.NewGuid().ToString() };
        JsonElement answer = (await At(replica).Data(RentSlices, new { input })).GetProperty("rentSlices");
        return answer.GetProperty("rental").GetProperty("id").GetString()!;
    }

    /// <summary>Sends the same request until it returns a rental, as a well-behaved client does after a lost response.</summary>
    public async Task<string> RentWithRetriesAsync(Uri replica, string combinationId, string key, TimeSpan? deadline = null)
    {
        string? rentalId = null;
        string last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    RentAnswer answer = await RentAsync(replica, combinationId, key);
                    (rentalId, last) = (answer.RentalId, answer.ToString());
                }
                catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException)
                {
                    last = failure.Message;
                }
                return rentalId is not null;
            },
            "a rental", deadline ?? TimeSpan.FromSeconds(20));
        return rentalId ?? throw new InvalidOperationException(last);
    }

    /// <summary>Returns the ids of the account's active rentals.</summary>
    public async Task<IReadOnlyList<string>> ActiveRentalsAsync(Uri replica)
    {
        JsonElement data = await At(replica).Data("{ rentals(first: 100, where: { status: { eq: ACTIVE } }) { nodes { id } } }");
        return [.. data.GetProperty("rentals").GetProperty("nodes").EnumerateArray().Select(rental => rental.GetProperty("id").GetString()!)];
    }

    /// <summary>Cancels a rental.</summary>
    public async Task CancelAsync(Uri replica, string rentalId)
    {
        JsonElement data = await At(replica).Data(
            "mutation ($input: CancelRentalInput!) { cancelRental(input: $input) { __typename } }",
            new { input = new { rentalId, idempotencyKey = Guid.NewGuid().ToString() } });
        Assert.Equal("RentalCancelled", data.GetProperty("cancelRental").GetProperty("__typename").GetString());
    }

    public void Dispose()
    {
        foreach (ApiClient client in clients.Values)
            client.Dispose();
    }
}
