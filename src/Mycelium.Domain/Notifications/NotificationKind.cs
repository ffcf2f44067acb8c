namespace Mycelium.Domain.Notifications;

/// <summary>What a notification is about. New kinds may be added.</summary>
public enum NotificationKind
{
    /// <summary>The machine of a rental can be reached.</summary>
    RentalReady,

    /// <summary>A rental could not be started, and its price was refunded.</summary>
    RentalFailed,

    /// <summary>
    /// A rental that does not renew itself ends within 72 hours, and again within 24. There is no reminder for a rental that lasts no longer than that.
    /// </summary>
    RentalExpiring,

    /// <summary>A rental was renewed for another term.</summary>
    RentalRenewed,

    /// <summary>A rental could not be renewed: the wallet holds too little, or the price exceeds the renter's limit.</summary>
    RentalRenewalFailed,

    /// <summary>A rental is no longer paid. Its data is kept for a few days.</summary>
    RentalInGrace,

    /// <summary>A rental ended: its term or grace is over, or its farmer or an operator ended it.</summary>
    RentalEnded,

    /// <summary>
    /// The wallet lasts for less than 24 hours of what is paid by the hour or renews itself. It is sent once, and again only after the balance had recovered.
    /// </summary>
    LowBalance,

    /// <summary>The machine of a rental is down.</summary>
    NodeDown,

    /// <summary>The machine of a rental is up again.</summary>
    NodeUp,

    /// <summary>A rental was moved to another machine.</summary>
    RentalMoved,

    /// <summary>Money came back to the wallet without the account having asked for it. Not sent yet.</summary>
    Refunded,

    /// <summary>Money was added to the wallet.</summary>
    Deposited,

    /// <summary>A withdrawal was paid out. Not sent yet.</summary>
    WithdrawalSettled,

    /// <summary>A withdrawal failed, and the amount is back in the wallet. Not sent yet.</summary>
    WithdrawalFailed,

    /// <summary>A reserved name could not be paid, and is about to be released.</summary>
    NameExpiring,
}
