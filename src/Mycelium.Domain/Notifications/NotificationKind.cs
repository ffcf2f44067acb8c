namespace Mycelium.Domain.Notifications;

/// <summary>What a notification is about. New kinds may be added.</summary>
public enum NotificationKind
{
    /// <summary>The machine of a rental can be reached.</summary>
    RentalReady,

    /// <summary>A rental could not be started, and its price was refunded.</summary>
    RentalFailed,

    /// <summary>A rental ends within 72 hours, and again when it ends within 24, unless its whole term is shorter.</summary>
    RentalExpiring,

    /// <summary>A rental was renewed for another term.</summary>
    RentalRenewed,

    /// <summary>A rental could not be renewed: the wallet holds too little, or the price exceeds the renter's limit.</summary>
    RentalRenewalFailed,

    /// <summary>A rental is no longer paid. Its data is kept for a few days.</summary>
    RentalInGrace,

    /// <summary>A rental ended, and its renter did not cancel it.</summary>
    RentalEnded,

    /// <summary>The wallet will soon be used up.</summary>
    LowBalance,

    /// <summary>The machine of a rental is down.</summary>
    NodeDown,

    /// <summary>The machine of a rental is up again.</summary>
    NodeUp,

    /// <summary>A rental was moved to another machine.</summary>
    RentalMoved,

    /// <summary>Money came back to the wallet without the account having asked for it.</summary>
    Refunded,

    /// <summary>Money was added to the wallet.</summary>
    Deposited,

    /// <summary>A withdrawal was paid out.</summary>
    WithdrawalSettled,

    /// <summary>A withdrawal failed, and the amount is back in the wallet.</summary>
    WithdrawalFailed,

    /// <summary>A reserved name is about to be released.</summary>
    NameExpiring,
}
