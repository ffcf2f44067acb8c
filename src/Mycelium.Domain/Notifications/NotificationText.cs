using System.Globalization;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Notifications;

/// <summary>What notifications say, for people. It follows from their data, so a better sentence also improves those that are already written.</summary>
internal static class NotificationText
{
    public static string Title(NotificationKind kind) => kind switch
    {
        NotificationKind.RentalReady => "Your rental is ready",
        NotificationKind.RentalFailed => "Your rental could not be started",
        NotificationKind.RentalExpiring => "Your rental ends soon",
        NotificationKind.RentalRenewed => "Your rental was renewed",
        NotificationKind.RentalRenewalFailed => "Your rental could not be renewed",
        NotificationKind.RentalInGrace => "Your rental is no longer paid",
        NotificationKind.RentalEnded => "Your rental has ended",
        NotificationKind.LowBalance => "Your balance is low",
        NotificationKind.NodeDown => "Your machine is down",
        NotificationKind.NodeUp => "Your machine is up again",
        NotificationKind.RentalMoved => "Your rental was moved",
        NotificationKind.Refunded => "You received a refund",
        NotificationKind.Deposited => "Your deposit has arrived",
        NotificationKind.WithdrawalSettled => "Your withdrawal was paid out",
        NotificationKind.WithdrawalFailed => "Your withdrawal failed",
        NotificationKind.NameExpiring => "Your reserved name expires soon",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without a title."),
    };

    public static string Message(Notification notification)
    {
        string sentence = Sentence(notification);
        return notification.Detail is { } detail ? $"{sentence} {detail}" : sentence;
    }

    private static string Sentence(Notification about) => about.Kind switch
    {
        NotificationKind.RentalReady => $"{Rental(about)} can be reached now. Its access details are shown with the rental.",
        NotificationKind.RentalFailed => $"{Rental(about)} could not be started.{Money(about, paid => $" {paid} is back in your wallet.")}",
        NotificationKind.RentalExpiring => $"{Rental(about)} ends{On(about)}. What is on the machine is lost then.",
        NotificationKind.RentalRenewed => $"{Rental(about)} was renewed{Until(about)}.{Money(about, paid => $" It cost {paid}.")}",
        NotificationKind.RentalRenewalFailed =>
            $"{Rental(about)} could not be renewed. We try again every hour.",
        NotificationKind.RentalInGrace =>
            $"{Rental(about)} is no longer paid. Its data is kept{Until(about)}. Add funds, raise its spending limit, or extend it.",
        NotificationKind.RentalEnded => $"{Rental(about)} ended{On(about)}.{Money(about, paid => $" {paid} is back in your wallet.")}",
        NotificationKind.LowBalance =>
            $"Your wallet holds {Amount(about.Amount)}.{(about.EffectiveAt is { } at ? $" What you run uses it up on {Instant(at)}." : "")} "
                + "Add funds, or end what you do not need.",
        NotificationKind.NodeDown =>
            $"{Machine(about)} has been down{(about.EffectiveAt is { } since ? $" since {Instant(since)}" : "")}. You can move the rental to another node.",
        NotificationKind.NodeUp => $"{Machine(about)} is up again.",
        NotificationKind.RentalMoved => $"{Rental(about)} is on another machine now{(about.NodeId is { } to ? $", node {to.Number}" : "")}.",
        NotificationKind.Refunded => $"{Amount(about.Amount)} was refunded to your wallet.",
        NotificationKind.Deposited => $"{Amount(about.Amount)} was added to your wallet.",
        NotificationKind.WithdrawalSettled => $"{Amount(about.Amount)} was paid out.",
        NotificationKind.WithdrawalFailed => $"The withdrawal failed. {Amount(about.Amount)} is back in your wallet.",
        NotificationKind.NameExpiring => $"{(about.Subject is { } name ? $"The name {name}" : "A reserved name")} is released{On(about)} unless it is paid.",
        _ => throw new ArgumentOutOfRangeException(nameof(about), about.Kind, "A kind without a sentence."),
    };

    private static string Rental(Notification about) => about.Subject is { } name ? $"Your rental {name}" : "Your rental";

    private static string Machine(Notification about) => about.NodeId is { } node ? $"Node {node.Number}, on which you rent," : "A machine on which you rent";

    private static string On(Notification about) => about.EffectiveAt is { } at ? $" on {Instant(at)}" : "";

    private static string Until(Notification about) => about.EffectiveAt is { } at ? $" until {Instant(at)}" : "";

    /// <summary>The sentence with the amount in it, or nothing if there is no amount.</summary>
    private static string Money(Notification about, Func<string, string> sentence) =>
        about.Amount is { } amount && amount != MicroUsd.Zero ? sentence(Amount(amount)) : "";

    private static string Amount(MicroUsd? amount) => $"{amount ?? MicroUsd.Zero} USD";

    private static string Instant(DateTimeOffset at) => at.ToUniversalTime().ToString("d MMMM yyyy 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
