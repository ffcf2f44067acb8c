using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Access tokens in the format of ASP.NET Core's <see cref="TicketDataFormat"/>, which treats every failure as a forged token. Here a token
/// whose key could not be read is a
/// <see cref="StoreUnavailableException"/>, because its owner must not be asked to sign in again.
/// </summary>
internal sealed class SealedTickets(IDataProtector protector) : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) =>
        WebEncoders.Base64UrlEncode(protector.Protect(TicketSerializer.Default.Serialize(data)));

    public string Protect(AuthenticationTicket data, string? purpose) => throw new NotSupportedException("The protector already has a purpose.");

    public AuthenticationTicket? Unprotect(string? protectedText)
    {
        try
        {
            return protectedText is null
                ? null
                : TicketSerializer.Default.Deserialize(protector.Unprotect(WebEncoders.Base64UrlDecode(protectedText)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or IOException)
        {
            return null;
        }
    }

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => throw new NotSupportedException("The protector already has a purpose.");
}
