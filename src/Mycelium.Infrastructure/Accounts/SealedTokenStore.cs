using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// ASP.NET Core Identity's store, with second factors sealed by the key ring (<see cref="SecondFactorSeal"/>). What was stored before reads as it is, and is
/// sealed when it changes. What cannot be opened any more counts as none: codes are refused then, and an operator removes the factor
/// (<see cref="StandingChange.RemoveSecondFactor"/>).
/// </summary>
public sealed partial class SealedTokenStore(MyceliumDb db, SecondFactorSeal seal, IdentityErrorDescriber describer, ILogger<SealedTokenStore> logger)
    : UserStore<Account, IdentityRole<Guid>, MyceliumDb, Guid>(db, describer)
{
    public override async Task<string?> GetTokenAsync(Account user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        string? value = await base.GetTokenAsync(user, loginProvider, name, cancellationToken).ConfigureAwait(false);
        if (value is null || !SecondFactorSeal.IsSealed(value))
            return value;
        try
        {
            return seal.Open(value);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            LogLost(user.Id, name);
            return null;
        }
    }

    public override Task SetTokenAsync(Account user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : seal.Close(value), cancellationToken);

    [LoggerMessage(1401, LogLevel.Error,
        "The {Name} of account {Account} cannot be opened: the key that sealed it is lost. Its owner cannot sign in before remove-second-factor",
        EventName = "SecondFactorLost")]
    private partial void LogLost(Guid account, string name);
}
