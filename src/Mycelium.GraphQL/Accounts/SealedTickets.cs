using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Access tokens in the format of ASP.NET Core's <see cref="TicketDataFormat"/>, which takes every failure for a forged token. Here one that could not be looked into is a
/// <see cref="StoreUnavailableException"/>: its owner must not be told to sign in again.
/// </summary>
internal sealed class SealedTickets(IDataProtector protector) : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) => WebEncoders.Base64UrlEncode(protector.Protect(TicketSerializer.Default.Serialize(data)));

    public string Protect(AuthenticationTicket data, string? purpose) => throw new NotSupportedException("The purpose is the protector's.");

    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        try
        {
            return protectedText is null ? null : TicketSerializer.Default.Deserialize(protector.Unprotect(WebEncoders.Base64UrlDecode(protectedText)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or IOException)
        {
            return null;
        }
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => throw new NotSupportedException("The purpose is the protector's.");
}
