using System.Globalization;
using System.Text.Json;

namespace Mycelium.EndToEnd.Tests;

/// <summary>What the API says about money, added up.</summary>
internal static class Books
{
    private const string Entries =
        """
        query ($after: String) {
          me { wallet { balance entries(first: 100, after: $after, order: [{ sequence: ASC }]) {
            nodes { sequence kind amount balanceAfter } pageInfo { hasNextPage endCursor } } } }
        }
        """;

    private const string Rentals =
        """
        { rentals(first: 100) { nodes {
          id kind billing status pricePerHour paid refunded extrasPaid startsAt endedAt
          segments { number kind startsAt endsAt pricePerHour paid refunded isReturned } } } }
        """;

    public static string Type(this JsonElement answer) => answer.GetProperty("__typename").GetString()!;

    public static decimal Dollars(this JsonElement owner, string name) => decimal.Parse(owner.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    /// <summary>The UUID in the global id of a rental, account or withdrawal.</summary>
    public static Guid Uuid(string globalId)
    {
        byte[] bytes = Convert.FromBase64String(globalId);
        return Guid.Parse(System.Text.Encoding.UTF8.GetString(bytes).Split(':')[1]);
    }

    /// <summary>Returns the account's balance and the amounts of its entries by kind, after checking that each entry follows from the one before.</summary>
    public static async Task<(decimal Balance, ILookup<string, decimal> Entries)> WalletAsync(this ApiClient account)
    {
        var entries = new List<(string Kind, decimal Amount)>();
        decimal balance;
        string? after = null;
        do
        {
            JsonElement wallet = (await account.Data(Entries, new { after })).GetProperty("me").GetProperty("wallet");
            balance = wallet.Dollars("balance");
            foreach (JsonElement entry in wallet.GetProperty("entries").GetProperty("nodes").EnumerateArray())
            {
                entries.Add((entry.GetProperty("kind").GetString()!, entry.Dollars("amount")));
                Assert.Equal(entries.Count, long.Parse(entry.GetProperty("sequence").ToString(), CultureInfo.InvariantCulture));
                Assert.Equal(entries.Sum(each => each.Amount), entry.Dollars("balanceAfter"));
            }
            JsonElement page = wallet.GetProperty("entries").GetProperty("pageInfo");
            after = page.GetProperty("hasNextPage").GetBoolean() ? page.GetProperty("endCursor").GetString() : null;
        }
        while (after is not null);
        Assert.Equal(balance, entries.Sum(entry => entry.Amount));
        return (balance, entries.ToLookup(entry => entry.Kind, entry => entry.Amount));
    }

    /// <summary>Returns the account's rentals by id, after checking that the wallet is what was deposited, less what was paid, plus what came back.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> RentalsAddUpAsync(this ApiClient account, decimal deposited)
    {
        JsonElement[] rentals = [.. (await account.Data(Rentals)).GetProperty("rentals").GetProperty("nodes").EnumerateArray()];
        foreach (JsonElement rental in rentals)
        {
            JsonElement[] segments = [.. rental.GetProperty("segments").EnumerateArray()];
            Assert.Equal(rental.Dollars("paid"), segments.Sum(segment => segment.Dollars("paid")));
            Assert.Equal(rental.Dollars("refunded"), segments.Sum(segment => segment.Dollars("refunded")));
        }
        Assert.Equal(
            deposited - rentals.Sum(rental => rental.Dollars("paid") - rental.Dollars("refunded") + rental.Dollars("extrasPaid")),
            (await account.WalletAsync()).Balance);
        return rentals.ToDictionary(rental => rental.GetProperty("id").GetString()!);
    }
}
