using System.Diagnostics;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Provisioning;

/// <summary>How a machine changes: by what its provisioner reports, by its renter, and with its rental.</summary>
public sealed partial class Machine
{
    /// <summary>Applies a report to a machine that is wanted.</summary>
    public MachineChange Take(MachineReport report, DateTimeOffset now)
    {
        Debug.Assert(State is MachineState.Creating or MachineState.Ready, "Only a machine that is wanted is reported on.");
        if (report.Version > Version)
            return Restart(report.Version + 1, now, MachineChange.Outrun);
        if (report.Version < Version)
            return Restart(Version, now, MachineChange.Lost); // The provisioner was put back to an earlier time.
        if (report.State is MachineReportState.Gone or MachineReportState.Deleting)
            return Miss(now);

        TakeMeters(report.Meters, now);
        TakeUse(report.Use);
        Reason = report.Reason;
        switch (report.State)
        {
            case MachineReportState.Ready:
                MachineChange change = State == MachineState.Ready ? MachineChange.None : MachineChange.BecameReady;
                State = MachineState.Ready;
                Reason = null;
                ReadyAt ??= now;
                Tries = 0;
                return change;
            case MachineReportState.Failed when State == MachineState.Ready:
                State = MachineState.Failed; // Not made again by itself: its disk may hold what the renter wants to save.
                return MachineChange.Broke;
            case MachineReportState.Failed:
                Version++;
                Tries++;
                return MachineChange.TriedAgain;
            default:
                if (State == MachineState.Ready)
                    (State, DeadlineAt) = (MachineState.Creating, now + ReadyWithin);
                Tries++;
                return MachineChange.None;
        }
    }

    /// <summary>The provisioner does not know the machine. It is made again.</summary>
    public MachineChange Miss(DateTimeOffset now) => Restart(Version + 1, now, MachineChange.Lost);

    /// <summary>The provisioner refused to make it; another attempt may follow.</summary>
    public void Refuse(string reason)
    {
        Reason = reason;
        Tries++;
    }

    /// <summary>The provisioner could not be reached, or what it answered cannot be believed.</summary>
    public void Fail() => Tries++;

    /// <summary>Its time is up. The rental goes on, since it has begun: its renter decides.</summary>
    public void GiveUp()
    {
        State = MachineState.Failed;
        Reason ??= NotReadyInTime;
    }

    /// <summary>What a provisioner answers to the order to delete the machine.</summary>
    /// <param name="report">Null when it does not know the machine.</param>
    /// <param name="now">When it answered.</param>
    public MachineChange TakeRemoval(MachineReport? report, DateTimeOffset now)
    {
        if (report is not null)
            TakeMeters(report.Meters, now); // What it used until the end is billed.
        if (report is { } known && known.Version > Version)
        {
            Version = known.Version + 1;
            return MachineChange.Outrun;
        }
        if (report is not null && report.State != MachineReportState.Gone)
        {
            Tries++;
            return MachineChange.None;
        }
        State = MachineState.Gone;
        RemovedAt = now;
        Tries = 0;
        return MachineChange.Removed;
    }

    /// <summary>Tries again what was given up; nothing is deleted that exists.</summary>
    public IRetryProvisioningResult Retry(Rental rental, DateTimeOffset now)
    {
        if (State is MachineState.Deleting or MachineState.Gone || rental.EndedAt is not null)
            return new RentalAlreadyEnded(rental.Id, rental.EndedAt ?? now, rental.EndReason ?? RentalEndReason.TermEnded);
        if (State == MachineState.Ready)
            return new MachineIsReady(rental.Id);

        if (State == MachineState.Failed)
            Restart(Version + 1, now, MachineChange.Lost);
        Tries = 0;
        Claim++;
        return new ProvisioningRetried(rental);
    }

    /// <summary>Makes the machine again, for another key or from another image. What is on its disk is lost.</summary>
    public IRebuildRentalResult Rebuild(Rental rental, SshPublicKey key, ImageId? image, DateTimeOffset now)
    {
        if (State is MachineState.Deleting or MachineState.Gone || rental.EndedAt is not null)
            return new RentalAlreadyEnded(rental.Id, rental.EndedAt ?? now, rental.EndReason ?? RentalEndReason.TermEnded);

        DateTimeOffset deadline = DeadlineAt;
        bool isFirst = ReadyAt is null && State == MachineState.Creating;
        Restart(Version + 1, now, MachineChange.Lost);
        if (isFirst)
            DeadlineAt = deadline; // A rental that has not begun has no more time than any other.
        SshPublicKey = key.Text;
        Image = image?.Value ?? Image;
        Reason = null;
        Tries = 0;
        Claim++;
        return new RentalRebuilding(rental);
    }

    /// <summary>A machine that exists no longer, or not as it is wanted, occupies nothing that is known.</summary>
    private MachineChange Restart(long version, DateTimeOffset now, MachineChange change)
    {
        if (State != MachineState.Creating)
            DeadlineAt = now + ReadyWithin;
        State = MachineState.Creating;
        Version = version;
        DeployedAt = null;
        (UsedCores, UsedMemoryBytes, UsedSsdBytes) = (0, 0, 0);
        return change;
    }

    private void TakeUse(MachineUse? use)
    {
        DeployedAt = use?.DeployedAt;
        Capacity used = use?.Used ?? default;
        // No more than was rented: what a provisioner claims beyond that would hide what others use, and be sold twice.
        (UsedCores, UsedMemoryBytes, UsedSsdBytes) =
            (Math.Min(used.Cores, Size.Cores), Math.Min(used.MemoryBytes, Size.MemoryBytes), Math.Min(used.SsdBytes, Size.SsdBytes));
    }

    /// <summary>Cumulative meters never go back, whatever a provisioner forgets.</summary>
    private void TakeMeters(MachineMeters meters, DateTimeOffset now)
    {
        PublicIpCount = meters.PublicIpCount;
        PublicIpHours = Math.Max(PublicIpHours, meters.PublicIpHours);
        TrafficGib = Math.Max(TrafficGib, meters.TrafficGib);
        MeteredAt = now;
    }

    private static string NotReadyInTime =>
        $"The machine was not ready within {ReadyWithin.TotalMinutes.ToString(System.Globalization.CultureInfo.InvariantCulture)} minutes.";
}
