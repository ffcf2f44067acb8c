using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Notifications;

[Collection(ApiCollection.Name)]
public sealed class NotificationFeedTests(ApiHost host)
{
    private const string Feed =
        """
        subscription($after: String) {
          onNotification(after: $after) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on NotificationsSnapshot { isFirst isLast notifications { id amount } }
            ... on NotificationChanged { notification { id message amount readAt } }
          }
        }
        """;

    [Fact]
    public async Task The_stream_is_what_is_unread_then_what_comes_and_what_is_read()
    {
        Api account = await host.NotifiedAsync(deposits: 3);
        string[] ids = await account.NotificationIdsAsync();
        await account.MutateAsync("markNotificationsRead", new { ids = new[] { ids[1] } });
        using Socket socket = await Socket.SubscribeAsync(account, Feed);

        JsonElement snapshot = await socket.NextAsync();
        await host.NotifiedAsync(deposits: 1);
        await host.DepositAsync(account, 5);
        JsonElement created = await NextOfAsync(socket, 5);
        await account.MutateAsync("markNotificationsRead", new { upTo = ids[0] });
        JsonElement[] read = [await socket.NextAsync("NOTIFICATION_READ"), await socket.NextAsync("NOTIFICATION_READ")];

        Assert.Equal(("SNAPSHOT", true, true), (snapshot.Kind(), snapshot.GetProperty("isFirst").GetBoolean(), snapshot.GetProperty("isLast").GetBoolean()));
        Assert.Equal([1m, 3m], snapshot.GetProperty("notifications").EnumerateArray().Select(row => row.GetProperty("amount").GetDollars()));
        Assert.Equal("NOTIFICATION_CREATED", created.Kind());
        Assert.Equal("5.000000 USD was added to your wallet.", created.GetProperty("notification").GetProperty("message").GetString());
        Assert.Equal([ids[2], ids[0]], read.Select(message => message.GetProperty("notification").GetProperty("id").GetString()));
        Assert.All(read, message => Assert.NotEqual(JsonValueKind.Null, message.GetProperty("notification").GetProperty("readAt").ValueKind));
    }

    [Fact]
    public async Task A_reconnecting_subscriber_receives_what_it_missed_without_a_snapshot()
    {
        Api account = await host.NotifiedAsync(deposits: 1);
        string? after;
        using (Socket first = await Socket.SubscribeAsync(account, Feed))
        {
            await first.NextAsync();
            await host.DepositAsync(account, 2);
            after = (await NextOfAsync(first, 2)).GetProperty("cursor").GetString(); // That of a snapshot may be void: changes may wait for their numbers.
        }
        await host.DepositAsync(account, 3);

        using Socket second = await Socket.SubscribeAsync(account, Feed, new { after });

        JsonElement missed = await second.NextAsync("NOTIFICATION_CREATED");
        Assert.Equal(3m, missed.GetProperty("notification").GetProperty("amount").GetDollars());
    }

    [Fact]
    public async Task Notifications_cannot_be_followed_without_signing_in()
    {
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Feed);

        Assert.Equal("UNAUTHENTICATED", await socket.ErrorCodeAsync());
    }

    /// <summary>The notification of a deposit. A snapshot may already include changes whose events follow it.</summary>
    private static async Task<JsonElement> NextOfAsync(Socket socket, decimal dollars)
    {
        while (true)
        {
            JsonElement message = await socket.NextAsync("NOTIFICATION_CREATED");
            if (message.GetProperty("notification").GetProperty("amount").GetDollars() == dollars)
                return message;
        }
    }
}
