namespace Mycelium.Domain.Audit;

/// <summary>Every privileged action that the audit trail records.</summary>
/// <remarks>The database has the same list (<c>audit_action</c>).</remarks>
public enum AuditAction
{
    /// <summary>Money was deposited into a wallet.</summary>
    FundsDeposited,

    /// <summary>A twin, and with it its farms, was linked to an account.</summary>
    FarmerTwinLinked,

    /// <summary>A twin was unlinked from its account.</summary>
    FarmerTwinUnlinked,

    /// <summary>An account became a partner.</summary>
    PartnerGranted,

    /// <summary>An account stopped being a partner.</summary>
    PartnerRevoked,

    /// <summary>An account became an operator.</summary>
    OperatorGranted,

    /// <summary>An account stopped being an operator.</summary>
    OperatorRevoked,

    /// <summary>A grid was allowed to lose more than half of its nodes.</summary>
    GridShrinkConfirmed,

    /// <summary>A farm's owner changed, or was removed, because its grid reported another twin.</summary>
    FarmOwnerChanged,

    /// <summary>An account was locked: it cannot sign in until it is unlocked.</summary>
    AccountLocked,

    /// <summary>A locked account was unlocked: it can sign in again.</summary>
    AccountUnlocked,

    /// <summary>The second factor of an account was removed.</summary>
    SecondFactorRemoved,

    /// <summary>An account was closed.</summary>
    AccountClosed,

    /// <summary>Keys that protect tokens were revoked.</summary>
    KeysRevoked,

    /// <summary>A farmer or an operator ended somebody else's rental.</summary>
    RentalEnded,

    /// <summary>A withdrawal was approved: it is paid out.</summary>
    WithdrawalApproved,

    /// <summary>A withdrawal was refused: its amount came back.</summary>
    WithdrawalRefused,
}

/// <summary>What an action was performed on.</summary>
public enum AuditSubject
{
    /// <summary>By its ID.</summary>
    Account,

    /// <summary>By its grid's name and its number there: <c>main/2</c>.</summary>
    FarmerTwin,

    /// <summary>By its grid's name and its number there: <c>main/1</c>.</summary>
    Farm,

    /// <summary>By its name.</summary>
    Grid,

    /// <summary>The keys that protect tokens, which all replicas share.</summary>
    KeyRing,

    /// <summary>By its ID.</summary>
    Rental,

    /// <inheritdoc cref="Rental"/>
    Withdrawal,
}
