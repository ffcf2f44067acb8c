namespace Mycelium.Domain.Audit;

/// <summary>What was done with privilege: every value that the audit trail can hold. The database has the same list (<c>audit_action</c>).</summary>
public enum AuditAction
{
    /// <summary>Money from outside was booked into a wallet.</summary>
    FundsDeposited,

    /// <summary>A twin, and with it its farms, was given to an account.</summary>
    FarmerTwinLinked,

    /// <summary>A twin was taken from its account.</summary>
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

    /// <summary>A farm got another owner, or none, by what its grid says.</summary>
    FarmOwnerChanged,

    /// <summary>An account may not sign in until it is unlocked.</summary>
    AccountLocked,

    /// <summary>A locked account may sign in again.</summary>
    AccountUnlocked,

    /// <summary>An account signs in without its second factor from now on.</summary>
    SecondFactorRemoved,

    /// <summary>An account was closed.</summary>
    AccountClosed,

    /// <summary>Keys that protect tokens were revoked.</summary>
    KeysRevoked,
}

/// <summary>What an act was done to.</summary>
public enum AuditSubject
{
    /// <summary>By its id.</summary>
    Account,

    /// <summary>By its grid's name and its number there: <c>main/2</c>.</summary>
    FarmerTwin,

    /// <summary>By its grid's name and its number there: <c>main/1</c>.</summary>
    Farm,

    /// <summary>By its name.</summary>
    Grid,

    /// <summary>The keys that protect tokens, which all replicas share.</summary>
    KeyRing,
}
