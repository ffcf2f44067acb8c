using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Sign-ups, sign-ins and changes of accounts, as structured log events and counters. They never contain a password, a token or an e-mail
/// address: accounts are identified by their IDs, and callers by their network. from.
/// </summary>
public sealed partial class AccountEvents(IMeterFactory meters, TimeProvider clock, ILogger<AccountEvents> logger) : IAuthorizationObserver
{
    /// <summary>
    /// At most one line per account, field and minute, so that a caller who sends a thousand requests a second does not fill the disk. The
    /// counter counts all of them.
    /// </summary>
    private static readonly TimeSpan refusalLogInterval = TimeSpan.FromMinutes(1);

    /// <summary>About 100 bytes each. With more pairs than this in one minute, some get a second line.</summary>
    private const int RefusalsRememberedMax = 10_000;

    private readonly RecentlyUsed<(Guid? Account, string Field, long Minute), object> refusals = new(RefusalsRememberedMax);
    private readonly Counter<long> count = meters.CreateMycelium().CreateCounter<long>(
        "mycelium_account_events_total", description: "Sign-ins, failures, refreshes, password changes and denied permissions, by event and outcome");

    public void SignedUp(Guid account, IPAddress? address)
    {
        Count("sign_up", "new");
        LogSignedUp(account, Network(address));
    }

    public void SignUpRepeated(Guid account, IPAddress? address)
    {
        Count("sign_up", "known_address");
        LogSignUpRepeated(account, Network(address));
    }

    public void SignedIn(Guid account, Guid signIn, IPAddress? address)
    {
        Count("sign_in", "succeeded");
        LogSignedIn(account, signIn, Network(address));
    }

    /// <param name="account">Null if no account has this name.</param>
    /// <param name="reason">One word.</param>
    /// <param name="address">The caller's address.</param>
    public void SignInFailed(Guid? account, string reason, IPAddress? address)
    {
        Count("sign_in", reason);
        LogSignInFailed(account, reason, Network(address));
    }

    public void Refreshed() => Count("refresh", "succeeded"); // Too frequent for the log: every client does this once an hour.

    public void RefreshRefused() => Count("refresh", "refused");

    /// <summary>A refresh token was used a second time, which ends its sign-in.</summary>
    public void SignInEnded(Guid account, Guid signIn, IPAddress? address)
    {
        Count("refresh", "reused");
        LogSignInEnded(account, signIn, Network(address));
    }

    public void PasswordChanged(Guid account, string way, IPAddress? address)
    {
        Count("password", way);
        LogPasswordChanged(account, way, Network(address));
    }

    public void AddressChanged(Guid account, string what, IPAddress? address)
    {
        Count("email", what);
        LogAddressChanged(account, what, Network(address));
    }

    public void SecondFactorChanged(Guid account, string what, IPAddress? address)
    {
        Count("second_factor", what);
        LogSecondFactorChanged(account, what, Network(address));
    }

    public void Refused(ClaimsPrincipal user, string field)
    {
        Count("rights", "refused");
        Guid? account = user.AccountId()?.Value;
        object first = new();
        if (refusals.GetOrAdd((account, field, clock.GetUtcNow().Ticks / refusalLogInterval.Ticks), _ => first) == first)
            LogRefused(account, field);
    }

    /// <summary>The /24 of an IPv4 address or the /48 of an IPv6 address: enough to see where an attack comes from, too little to identify a person.</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        int kept = plain.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 3;
        bytes.AsSpan(kept).Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{kept * 8}");
    }

    private void Count(string name, string outcome) => count.Add(1, new("event", name), new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(1101, LogLevel.Information, "Account {Account} signed up from {Network}", EventName = "SignedUp")]
    private partial void LogSignedUp(Guid account, string network);

    [LoggerMessage(
        1102, LogLevel.Information, "Someone from {Network} tried to sign up with the address of account {Account}", EventName = "SignUpRepeated")]
    private partial void LogSignUpRepeated(Guid account, string network);

    [LoggerMessage(1103, LogLevel.Information, "Account {Account} signed in from {Network}: sign-in {SignIn}", EventName = "SignedIn")]
    private partial void LogSignedIn(Guid account, Guid signIn, string network);

    [LoggerMessage(1104, LogLevel.Information, "A sign-in of account {Account} from {Network} failed: {Reason}", EventName = "SignInFailed")]
    private partial void LogSignInFailed(Guid? account, string reason, string network);

    [LoggerMessage(
        1105, LogLevel.Warning, "A refresh token of account {Account} was reused from {Network}: sign-in {SignIn} has ended",
        EventName = "SignInEnded")]
    private partial void LogSignInEnded(Guid account, Guid signIn, string network);

    [LoggerMessage(1106, LogLevel.Information, "The password of account {Account} was changed from {Network}: {Way}", EventName = "PasswordChanged")]
    private partial void LogPasswordChanged(Guid account, string way, string network);

    [LoggerMessage(1107, LogLevel.Information, "The e-mail address of account {Account} was {What} from {Network}", EventName = "AddressChanged")]
    private partial void LogAddressChanged(Guid account, string what, string network);

    [LoggerMessage(1108, LogLevel.Information, "The second factor of account {Account} was {What} from {Network}", EventName = "SecondFactorChanged")]
    private partial void LogSecondFactorChanged(Guid account, string what, string network);

    [LoggerMessage(1109, LogLevel.Warning, "Account {Account} may not use {Field}", EventName = "RightsRefused")]
    private partial void LogRefused(Guid? account, string field);
}
