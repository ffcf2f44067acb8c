using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Domain.Market;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Rentals;

/// <summary>
/// Quotes as sealed text, so that a client can hand one back unchanged and nobody can make one. Every replica opens what another sealed, since they share
/// the key ring; no quote is stored.
/// </summary>
public sealed class QuoteTokens(IDataProtectionProvider protection, StoreGate gate)
{
    /// <summary>A token of ours has about 300 characters; longer text is not worth decrypting.</summary>
    public const int LengthMax = 1_000;

    private readonly IDataProtector protector = protection.CreateProtector("Mycelium.Quotes.v1");

    public string Seal(Quote quote) => protector.Protect(QuoteText.Write(quote));

    /// <summary>False when the text is not one of our tokens. An expired quote opens: the domain refuses it with the instant.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It does not decrypt and PostgreSQL is unavailable: its key may be one that this replica has not read yet.
    /// </exception>
    public bool TryOpen(string token, [NotNullWhen(true)] out Quote? quote)
    {
        quote = null;
        try
        {
            return QuoteText.TryRead(protector.Unprotect(token), out quote);
        }
        catch (CryptographicException)
        {
            gate.ThrowIfClosed();
            return false;
        }
    }
}
