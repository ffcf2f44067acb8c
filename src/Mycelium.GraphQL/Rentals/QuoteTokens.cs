using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Rentals;

/// <summary>
/// Quotes as sealed text, so that a client can hand one back unchanged and nobody can make one. Every replica opens what another sealed, since they share
/// the key ring; no quote is stored. Each kind has a seal of its own, so that none is taken for another.
/// </summary>
public sealed class QuoteTokens(IDataProtectionProvider protection, StoreGate gate)
{
    /// <summary>A token of ours has about 300 characters; longer text is not worth decrypting.</summary>
    public const int LengthMax = 1_000;

    private readonly IDataProtector rentals = protection.CreateProtector("Mycelium.Quotes.v1");
    private readonly IDataProtector extensions = protection.CreateProtector("Mycelium.ExtensionQuotes.v1");
    private readonly IDataProtector cancellations = protection.CreateProtector("Mycelium.CancelQuotes.v1");
    private readonly IDataProtector nodes = protection.CreateProtector("Mycelium.NodeQuotes.v1");

    public string Seal(Quote quote) => rentals.Protect(QuoteText.Write(quote));

    public string Seal(ExtensionQuote quote) => extensions.Protect(ExtensionQuoteText.Write(quote));

    public string Seal(NodeQuote quote) => nodes.Protect(NodeQuoteText.Write(quote));

    public string Seal(CancelTicket ticket) => cancellations.Protect(ticket.Write());

    /// <summary>False when the text is not one of our tokens. An expired quote opens: the domain refuses it with the instant.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It does not decrypt and PostgreSQL is unavailable: its key may be one that this replica has not read yet.
    /// </exception>
    public bool TryOpen(string token, [NotNullWhen(true)] out Quote? quote) => QuoteText.TryRead(Open(rentals, token), out quote);

    /// <inheritdoc cref="TryOpen(string, out Quote?)"/>
    public bool TryOpen(string token, [NotNullWhen(true)] out ExtensionQuote? quote) => ExtensionQuoteText.TryRead(Open(extensions, token), out quote);

    /// <inheritdoc cref="TryOpen(string, out Quote?)"/>
    public bool TryOpen(string token, [NotNullWhen(true)] out NodeQuote? quote) => NodeQuoteText.TryRead(Open(nodes, token), out quote);

    /// <inheritdoc cref="TryOpen(string, out Quote?)"/>
    public bool TryOpen(string token, [NotNullWhen(true)] out CancelTicket? ticket) => CancelTicket.TryRead(Open(cancellations, token), out ticket);

    private string? Open(IDataProtector protector, string token)
    {
        try
        {
            return protector.Unprotect(token);
        }
        catch (CryptographicException)
        {
            gate.ThrowIfClosed();
            return null;
        }
    }
}
