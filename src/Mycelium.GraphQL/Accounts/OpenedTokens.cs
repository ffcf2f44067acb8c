using Microsoft.AspNetCore.Authentication;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

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
    private readonly StoreGate gate;
    private readonly TimeProvider clock;

    public OpenedTokens(ISecureDataFormat<AuthenticationTicket> format, StoreGate gate, Restores restores, TimeProvider clock)
    {
        (this.format, this.gate, this.clock) = (format, gate, clock);
        restores.Happened += opened.Clear; // The key may be lost with the time it was made in.
    }

    public string Protect(AuthenticationTicket data) => format.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => format.Protect(data, purpose);

    /// <remarks>Callers share the ticket: nobody changes it or its principal.</remarks>
    /// <exception cref="StoreUnavailableException">
    /// The token does not open while PostgreSQL is not there: its key may be one that this replica has not read yet, and its owner must not be told to sign in again.
    /// </exception>
    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        if (protectedText is null)
            return null;
        if (opened.Find(protectedText) is { } known && clock.GetElapsedTime(known.Since) < Limits.OpenTokenFor)
            return known.Ticket;
        if (format.Unprotect(protectedText) is not { } ticket)
        {
            gate.ThrowIfClosed();
            return null;
        }
        opened.Set(protectedText, new Opened(ticket, clock.GetTimestamp()));
        return ticket;
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => purpose is null ? Unprotect(protectedText) : format.Unprotect(protectedText, purpose);

    private sealed record Opened(AuthenticationTicket Ticket, long Since);
}
