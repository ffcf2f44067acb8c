using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Notifications;

public sealed class NotificationTests
{
    private static readonly AccountId account = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"));
    private static readonly DateTimeOffset evening = new(2026, 12, 3, 23, 4, 59, TimeSpan.FromHours(2));

    public static TheoryData<NotificationKind> Kinds => new(Enum.GetValues<NotificationKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_title_and_sentences_whatever_it_knows(NotificationKind kind)
    {
        Notification poor = Notification.Of(account, kind, "key", A.Noon);
        Notification rich = Notification.Of(
            account, kind, "key", A.Noon, RentalId.New(A.Noon), new NodeId(582), "web-1", MicroUsd.Parse("1.5"), evening, "The image is gone.");

        Assert.Matches("^[A-Z].*[a-z]$", poor.Title);
        Assert.Matches(@"^[A-Z0-9].*\.$", poor.Message);
        Assert.EndsWith(" The image is gone.", rich.Message, StringComparison.Ordinal);
        foreach (string message in (string[])[poor.Message, rich.Message])
        {
            Assert.DoesNotContain("  ", message, StringComparison.Ordinal);
            Assert.DoesNotContain(" .", message, StringComparison.Ordinal);
            Assert.DoesNotContain("..", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Times_are_in_UTC_and_money_is_in_dollars() => Assert.Equal(
        "Your rental web-1 was renewed until 3 December 2026 at 21:04 UTC. It cost 1.500000 USD.",
        Notification.Of(
            account, NotificationKind.RentalRenewed, "key", A.Noon, subject: "web-1", amount: MicroUsd.Parse("1.5"), effectiveAt: evening).Message);

    [Fact]
    public void A_text_that_is_too_long_is_cut_since_a_notification_must_not_fail_what_it_reports()
    {
        Notification notification = Notification.Of(
            account, NotificationKind.RentalFailed, "key", A.Noon, subject: new string('n', 65), detail: new string('d', 501));

        Assert.Equal(new string('n', 63) + "…", notification.Subject);
        Assert.Equal(new string('d', 499) + "…", notification.Detail);
        Assert.Equal(64, Notification.Of(account, NotificationKind.RentalFailed, "key", A.Noon, subject: new string('n', 64)).Subject!.Length);
    }

    [Fact]
    public void A_key_is_required() =>
        Assert.Throws<ArgumentException>(() => Notification.Of(account, NotificationKind.Refunded, "", A.Noon));
}
