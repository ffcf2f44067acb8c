using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Notifications;

[Collection(ApiCollection.Name)]
public sealed class MarkNotificationsReadTests(ApiHost host)
{
    private const string Answer = "... on NotificationsRead { count unreadCount } ... on InvalidInput { fields { path rule } }";

    [Fact]
    public async Task Notifications_are_marked_one_by_one_or_all_up_to_one()
    {
        Api account = await host.NotifiedAsync(deposits: 4);
        string[] newestFirst = await account.NotificationIdsAsync();

        Assert.Equal((1, 3), Counts(await account.MutateAsync("markNotificationsRead", new { ids = new[] { newestFirst[0] } }, Answer)));
        Assert.Equal((2, 1), Counts(await account.MutateAsync("markNotificationsRead", new { upTo = newestFirst[2] }, Answer)));
        Assert.Equal((0, 1), Counts(await account.MutateAsync("markNotificationsRead", new { upTo = newestFirst[2] }, Answer)));

        Assert.Equal([newestFirst[1]], await account.NotificationIdsAsync("(where: { readAt: { eq: null } })"));
        Assert.Equal(1, await account.UnreadAsync());
    }

    [Fact]
    public async Task Another_accounts_notifications_stay_unread()
    {
        Api account = await host.NotifiedAsync(deposits: 1), stranger = await host.NotifiedAsync(deposits: 1);
        string[] ids = await account.NotificationIdsAsync();

        Assert.Equal((0, 1), Counts(await stranger.MutateAsync("markNotificationsRead", new { ids }, Answer)));

        Assert.Equal(1, await account.UnreadAsync());
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("markNotificationsRead", new { ids }));
    }

    [Fact]
    public async Task What_is_too_much_or_not_one_of_the_two_is_refused()
    {
        Api account = await host.NotifiedAsync(deposits: 1);
        string id = (await account.NotificationIdsAsync())[0];

        JsonElement tooMany = await account.MutateAsync("markNotificationsRead", new { ids = Enumerable.Repeat(id, 101) }, Answer);

        Assert.Equal("InvalidInput", tooMany.GetProperty("__typename").GetString());
        JsonElement field = Assert.Single(tooMany.GetProperty("fields").EnumerateArray());
        Assert.Equal("MaxLength", field.GetProperty("rule").GetString());
        Assert.Equal((1, 0), Counts(await account.MutateAsync("markNotificationsRead", new { ids = Enumerable.Repeat(id, 100) }, Answer)));
        Assert.NotNull(await account.MutationErrorCodeAsync("markNotificationsRead", new { }));
        Assert.NotNull(await account.MutationErrorCodeAsync("markNotificationsRead", new { ids = new[] { id }, upTo = id }));
        Assert.NotNull(await account.MutationErrorCodeAsync("markNotificationsRead", new { upTo = ApiHost.Node(1) }));
    }

    private static (int, int) Counts(JsonElement answer) =>
        (Refusal.AssertNone("NotificationsRead", answer).GetProperty("count").GetInt32(), answer.GetProperty("unreadCount").GetInt32());
}
