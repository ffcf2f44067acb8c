using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Reads machines as their renters see them. Whoever calls has made sure that it is the renter who asks.</summary>
public sealed partial class MachineReader(NpgsqlDataSource database, MachineSeal seal, ILogger<MachineReader> logger)
{
    private const string Read = "SELECT rental_id, state, reason, access FROM machines WHERE rental_id = ANY ($1)";

    public async Task<IReadOnlyDictionary<RentalId, SeenMachine>> ReadAsync(IReadOnlyList<RentalId> ids, CancellationToken cancellation)
    {
        List<SeenMachine> machines = await database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(Read, ids.Select(id => id.Value).ToArray());
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await reader.RowsAsync(See, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return machines.ToDictionary(machine => machine.RentalId);
    }

    private SeenMachine See(NpgsqlDataReader row)
    {
        var id = new RentalId(row.GetGuid(0));
        MachineState state = Enum.Parse<MachineState>(row.GetString(1));
        return new SeenMachine(id, state, row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : TryOpen(id, row.GetFieldValue<byte[]>(3)));
    }

    /// <summary>What cannot be opened is read from the provisioner again soon, and sealed by a key that exists.</summary>
    private MachineAccess? TryOpen(RentalId id, byte[] value)
    {
        try
        {
            return seal.Open(id, value);
        }
        catch (CryptographicException failure)
        {
            LogUnopened(failure, id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The access details of rental {Rental} cannot be opened")]
    private partial void LogUnopened(Exception failure, RentalId rental);
}

/// <param name="Access">Null while the machine is not ready.</param>
public sealed record SeenMachine(RentalId RentalId, MachineState State, string? Reason, MachineAccess? Access);
