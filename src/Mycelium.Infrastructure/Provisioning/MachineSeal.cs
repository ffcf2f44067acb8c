using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>
/// Seals how machines are reached: who reads the database, or a backup of it, does not learn the addresses of its renters' machines. A sealed value belongs to
/// its rental, so that a value moved to another row opens nothing. It is sealed again whenever the machine is read, by the key of that day.
/// </summary>
public sealed partial class MachineSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Mycelium.Machines");

    public byte[] Close(RentalId id, MachineAccess access) => protector.Protect(JsonSerializer.SerializeToUtf8Bytes(
        new Sealed(id.Value, access.Host, access.Port, access.User, access.HostKeys, access.Instructions, access.ConsoleUrl?.AbsoluteUri),
        SealedJson.Default.Sealed));

    /// <exception cref="CryptographicException">Its key no longer exists, or it belongs to another rental.</exception>
    public MachineAccess Open(RentalId id, byte[] value)
    {
        Sealed? opened = JsonSerializer.Deserialize(protector.Unprotect(value), SealedJson.Default.Sealed);
        return opened is not null && opened.RentalId == id.Value
            && MachineAccess.TryCreate(
                opened.Host, opened.Port, opened.User, opened.HostKeys, opened.Instructions, opened.ConsoleUrl, out MachineAccess? access, out _)
            ? access
            : throw new CryptographicException("The value was sealed for another rental.");
    }

    internal sealed record Sealed(
        Guid RentalId, string Host, int Port, string User, IReadOnlyList<string> HostKeys, string? Instructions, string? ConsoleUrl);

    [JsonSerializable(typeof(Sealed))]
    private sealed partial class SealedJson : JsonSerializerContext;
}
