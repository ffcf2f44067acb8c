using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Provisioning;

/// <summary>
/// How much of what a grid reports as used on a node is our own. A machine is part of a report that is newer than its deployment. One whose rental has ended
/// is no longer ours: until a report shows that it is gone, its place is taken and not for sale. So where the two clocks leave a doubt, too little is for sale
/// for the length of a report, and never too much.
/// </summary>
public static class OwnUse
{
    /// <param name="machines">Machines of one node whose rentals live.</param>
    /// <param name="reportedAt">When the node reported what it uses.</param>
    public static Capacity In(IEnumerable<MachineUse> machines, DateTimeOffset reportedAt) => machines
        .Where(machine => machine.DeployedAt <= reportedAt)
        .Aggregate(default(Capacity), (sum, machine) => new Capacity(
            sum.Cores + machine.Used.Cores, sum.MemoryBytes + machine.Used.MemoryBytes, sum.SsdBytes + machine.Used.SsdBytes, 0));
}
