using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Provisioning;

/// <summary>
/// The machine of one rental, as we want it and as its provisioner last reported it. What is wanted has a <see cref="Version"/>, which grows whenever it
/// changes: a provisioner refuses an older one, so that no request that was delayed on its way undoes a later one.
/// </summary>
public sealed partial class Machine
{
    /// <summary>A machine that is not ready this long after it was wanted has failed.</summary>
    public static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(15);

    private Machine()
    {
    }

    public RentalId RentalId { get; private set; }

    public NodeId NodeId { get; private set; }

    /// <summary>Base slices.</summary>
    public int SliceTotal { get; private set; }

    /// <summary>Null until it is known which one is the grid's default.</summary>
    public string? Image { get; private set; }

    public string SshPublicKey { get; private set; } = "";

    /// <summary>Of what is wanted; from 1.</summary>
    public long Version { get; private set; }

    public MachineState State { get; private set; }

    /// <summary>Why the last attempt failed; null if it did not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Attempts in a row that got no further.</summary>
    public int Tries { get; private set; }

    /// <summary>Grows with each replica that takes the machine on, and with each change from outside: whoever holds an older one writes nothing.</summary>
    public long Claim { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it has to be ready.</summary>
    public DateTimeOffset DeadlineAt { get; private set; }

    /// <summary>When it was first ready; null before.</summary>
    public DateTimeOffset? ReadyAt { get; private set; }

    /// <summary>Since when its grid counts what it occupies; null while it is not deployed.</summary>
    public DateTimeOffset? DeployedAt { get; private set; }

    /// <summary>When its rental ended. What it still occupies from then on is not for sale.</summary>
    public DateTimeOffset? UnwantedAt { get; private set; }

    public DateTimeOffset? RemovedAt { get; private set; }

    public int UsedCores { get; private set; }

    public long UsedMemoryBytes { get; private set; }

    public long UsedSsdBytes { get; private set; }

    public int PublicIpCount { get; private set; }

    /// <summary>Cumulative over all versions.</summary>
    public long PublicIpHours { get; private set; }

    /// <inheritdoc cref="PublicIpHours"/>
    public long TrafficGib { get; private set; }

    /// <summary>When the meters were last read.</summary>
    public DateTimeOffset? MeteredAt { get; private set; }

    /// <summary>What is to be deployed.</summary>
    public Capacity Size => new(BaseSlice.Cores * SliceTotal, BaseSlice.MemoryBytes * SliceTotal, BaseSlice.SsdBytes * SliceTotal, 0);

    /// <summary>The machine of a rental that begins now.</summary>
    public static Machine Want(RentalId rental, NodeId node, int slices, ImageId? image, string sshPublicKey, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        return new()
        {
            RentalId = rental,
            NodeId = node,
            SliceTotal = slices,
            Image = image?.Value,
            SshPublicKey = sshPublicKey,
            Version = 1,
            CreatedAt = now,
            DeadlineAt = now + ReadyWithin,
        };
    }

    public MachineStep Next(DateTimeOffset now) => State switch
    {
        MachineState.Creating => now >= DeadlineAt ? MachineStep.GiveUp : MachineStep.Put,
        MachineState.Ready => MachineStep.Read,
        MachineState.Deleting => MachineStep.Delete,
        _ => MachineStep.None,
    };

    /// <summary>The renter did not choose one.</summary>
    public void TakeDefaultImage(ImageId image) => Image ??= image.Value;
}
