using Microsoft.AspNetCore.Authentication;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Remembers what bearer tokens say: to open one is to derive keys, check a signature, decrypt and parse, a tenth of what a signed-in request costs. Whether a token has
/// expired is asked of each request as ever. What opens is kept for <see cref="Limits.OpenTokenFor"/>, and so long a key that was revoked still counts; what does not
/// open is asked about anew each time.
/// </summary>
internal sealed class OpenedTokens : ISecureDataFormat<AuthenticationTicket>
{
    private readonly RecentlyUsed<string, Opened> opened = new(Limits.OpenTokensMax);
    private readonly ISecureDataFormat<AuthenticationTicket> format;
    private readonly TimeProvider clock;

    public OpenedTokens(ISecureDataFormat<AuthenticationTicket> format, Restores restores, TimeProvider clock)
    {
        (this.format, this.clock) = (format, clock);
        restores.Happened += opened.Clear; // The key may be lost with the time it was made in.
    }

    public string Protect(AuthenticationTicket data) => format.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => format.Protect(data, purpose);

    /// <remarks>Callers share the ticket: nobody changes it or its principal.</remarks>
    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        if (protectedText is null)
            return null;
        if (opened.Find(protectedText) is { } known && clock.GetElapsedTime(known.Since) < Limits.OpenTokenFor)
            return known.Ticket;
        if (format.Unprotect(protectedText) is not { } ticket)
            return null;
        opened.Set(protectedText, new Opened(ticket, clock.GetTimestamp()));
        return ticket;
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => purpose is null ? Unprotect(protectedText) : format.Unprotect(protectedText, purpose);

    private sealed record Opened(AuthenticationTicket Ticket, long Since);
}
