using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Notifications;

/// <summary>Accounts with notifications, and what they ask.</summary>
internal static class Notified
{
    /// <summary>Creates an account that was told of this many deposits, of one dollar, two dollars and so on.</summary>
    public static async Task<Api> NotifiedAsync(this ApiHost host, int deposits)
    {
        Api account = await host.RenterAsync(dollars: 0);
        for (int number = 1; number <= deposits; number++)
            await host.DepositAsync(account, number);
        return account;
    }

    public static async Task DepositAsync(this ApiHost host, Api account, decimal dollars) => Refusal.AssertNone(
        "FundsDeposited", await host.Operator.MutateAsync(
            "depositFunds", new { accountId = await ApiHost.GlobalIdAsync(account), amount = dollars, idempotencyKey = host.NewKey() }));

    public static async Task<string[]> NotificationIdsAsync(this Api account, string arguments = "") =>
    [
        .. (await account.DataAsync($"{{ notifications{arguments} {{ nodes {{ id }} }} }}")).GetProperty("notifications").GetProperty("nodes")
            .EnumerateArray().Select(row => row.GetProperty("id").GetString()!),
    ];

    public static async Task<int> UnreadAsync(this Api account) =>
        (await account.DataAsync("{ me { unreadCount } }")).GetProperty("me").GetProperty("unreadCount").GetInt32();
}
