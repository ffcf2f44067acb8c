using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Notifications;

[Collection(ApiCollection.Name)]
public sealed class NotificationQueryTests(ApiHost host)
{
    private const string ById = "query($id: ID!) { node(id: $id) { ... on Notification { kind message } } }";

    [Fact]
    public async Task Notifications_are_listed_newest_first_in_pages_and_by_filter()
    {
        Api account = await host.NotifiedAsync(deposits: 3);

        JsonElement first = (await account.DataAsync(
            "{ notifications(first: 2) { totalCount pageInfo { endCursor hasNextPage } nodes { kind title message amount readAt rental { id } } } }"))
                .GetProperty("notifications");
        string? after = first.GetProperty("pageInfo").GetProperty("endCursor").GetString();
        await host.DepositAsync(account, 9); // A page stays right while new ones come.
        JsonElement second = (await account.DataAsync(
            "query($after: String) { notifications(first: 2, after: $after) { pageInfo { hasNextPage } nodes { amount } } }", new { after }))
                .GetProperty("notifications");

        Assert.Equal(3, first.GetProperty("totalCount").GetInt32());
        Assert.Equal([3m, 2m], Amounts(first));
        Assert.Equal([1m], Amounts(second));
        JsonElement newest = first.GetProperty("nodes")[0];
        Assert.Equal("DEPOSITED", newest.GetProperty("kind").GetString());
        Assert.Equal("Your deposit has arrived", newest.GetProperty("title").GetString());
        Assert.Equal("3.000000 USD was added to your wallet.", newest.GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, newest.GetProperty("rental").ValueKind);
        Assert.Empty(await account.NotificationIdsAsync("(where: { kind: { eq: NODE_DOWN } })"));
        Assert.Equal(2, (await account.NotificationIdsAsync("(where: { amount: { gte: 3 } }, order: [{ createdAt: ASC }])")).Length);
        Assert.Equal(4, await account.UnreadAsync());
    }

    [Fact]
    public async Task Notifications_are_visible_only_to_their_account()
    {
        Api account = await host.NotifiedAsync(deposits: 1), stranger = await host.RenterAsync(dollars: 0);
        string id = Assert.Single(await account.NotificationIdsAsync());
        string? email = (await account.DataAsync("{ me { email } }")).GetProperty("me").GetProperty("email").GetString();

        Assert.Equal("DEPOSITED", (await account.DataAsync(ById, new { id })).GetProperty("node").GetProperty("kind").GetString());
        foreach (Api other in new[] { stranger, host.Operator, host.Farmer, host.Anyone })
            Assert.Equal(JsonValueKind.Null, (await other.DataAsync(ById, new { id })).GetProperty("node").ValueKind);
        Assert.Empty(await stranger.NotificationIdsAsync());
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync("{ notifications { nodes { id } } }"));
        JsonElement seen = await host.Operator.DataAsync("query($email: String!) { account(email: $email) { unreadCount } }", new { email });
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("account").GetProperty("unreadCount").ValueKind);
    }

    private static IEnumerable<decimal> Amounts(JsonElement page) =>
        page.GetProperty("nodes").EnumerateArray().Select(row => row.GetProperty("amount").GetDollars());
}
