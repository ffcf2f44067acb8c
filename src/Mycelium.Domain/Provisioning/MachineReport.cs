using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Provisioning;

/// <summary>What a provisioner reports of a machine, checked.</summary>
/// <param name="Version">Of what it was told to make.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Reason">Why it failed, for the renter; otherwise null.</param>
/// <param name="Access">How to reach it; not null when it is ready.</param>
/// <param name="Use">What it occupies on its node; null while it is not deployed.</param>
/// <param name="Meters">What is billed by use.</param>
public sealed record MachineReport(
    long Version, MachineReportState State, string? Reason, MachineAccess? Access, MachineUse? Use, MachineMeters Meters)
{
    /// <summary>The longest reason that is passed on to a renter.</summary>
    public const int ReasonLengthMax = 500;
}

/// <summary>The state of a machine, as its provisioner names it.</summary>
public enum MachineReportState
{
    Creating,
    Ready,
    Failed,
    Deleting,
    Gone,
}

/// <summary>What a machine occupies, as part of what its grid reports as used.</summary>
/// <param name="Used">Cores, memory and SSD.</param>
/// <param name="DeployedAt">Since when the grid counts it.</param>
public sealed record MachineUse(Capacity Used, DateTimeOffset DeployedAt);

/// <summary>Counters of a machine; those that are cumulative never go back while the machine lives.</summary>
/// <param name="PublicIpCount">Public addresses that it has now.</param>
/// <param name="PublicIpHours">Hours of public addresses since it was created, cumulative: two addresses for three hours are six.</param>
/// <param name="TrafficGib">Traffic in both directions since it was created, in GiB begun, cumulative.</param>
public sealed record MachineMeters(int PublicIpCount, long PublicIpHours, long TrafficGib)
{
    public static MachineMeters None { get; } = new(0, 0, 0);
}
