namespace Mycelium.Infrastructure.Accounts;

/// <summary>What became of a refresh token.</summary>
/// <param name="Outcome">Whether there is a next one.</param>
/// <param name="Generation">The generation of the next one.</param>
/// <param name="UserName">The account's user name now.</param>
/// <param name="Email">The account's email address now.</param>
/// <param name="Roles">The roles that the account has been granted.</param>
public sealed record Rotation(RotationOutcome Outcome, int Generation, string UserName, string Email, IReadOnlyList<string> Roles)
{
    public static readonly Rotation Refused = new(RotationOutcome.Refused, 0, "", "", []);

    public static readonly Rotation Ended = new(RotationOutcome.Ended, 0, "", "", []);
}

/// <summary>What a refresh token was good for.</summary>
public enum RotationOutcome
{
    /// <summary>There is a next token.</summary>
    Rotated,

    /// <summary>The token is out of date or unknown, or its account is locked.</summary>
    Refused,

    /// <summary>It was used for the second time: all tokens of its sign-in have ended now.</summary>
    Ended,
}
