using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>A group of nodes with one owner.</summary>
public sealed class Farm
{
    private Farm()
    {
    }

    public Farm(FarmObservation observation)
    {
        if (observation.IsDoubtful)
            throw new ArgumentException($"Farm {observation.Id} needs a twin.", nameof(observation));
        Id = observation.Id;
        Name = $"Farm {observation.Id.Number}"; // Until the grid reports a plausible name.
        Grid = observation.Grid;
        GridId = observation.Id.Number;
        Observe(observation);
    }

    /// <summary>Global ID. For the grid's number see <see cref="GridId"/>.</summary>
    public FarmId Id { get; private set; }

    /// <summary>The name of the grid that the farm is part of.</summary>
    public string Grid { get; private set; } = "";

    /// <summary>The farm's number on its grid, for people and for other tools of the grid.</summary>
    public long GridId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>The grid identity that owns the farm.</summary>
    public long TwinId { get; private set; }

    public FarmCertification Certification { get; private set; }

    /// <summary>The grid rents out the farm's nodes only as a whole.</summary>
    public bool IsDedicated { get; private set; }

    public int PublicIpCount { get; private set; }

    public int FreePublicIpCount { get; private set; }

    /// <summary>Where the grid pays the farm.</summary>
    public string? StellarAddress { get; private set; }

    /// <summary>
    /// The twin through which the farm keeps its owner while its grid reports a new twin, <see cref="TwinId"/>, that is not linked to an
    /// account yet. Otherwise null.
    /// </summary>
    public long? KeptByTwinId { get; private set; }

    /// <summary>The account that the farm's twin (or <see cref="KeptByTwinId"/>) is linked to, if any.</summary>
    public AccountId? OwnerId { get; private set; }

    /// <summary>When the farm was last read from its grid.</summary>
    public DateTimeOffset CapacityAsOf { get; private set; }

    /// <summary>Applies what the grid reports, except for implausible values. True if anything but the time of the observation changed.</summary>
    public bool Observe(FarmObservation observation)
    {
        if (observation.Id != Id || observation.Grid != Grid)
            throw new ArgumentException($"The observation is of farm {observation.Id} of {observation.Grid}, not of farm {Id} of {Grid}.", nameof(observation));

        observation = WithStored(observation);
        bool hasChanged = Seen() != (observation with { ObservedAt = CapacityAsOf });
        Name = observation.Name;
        TwinId = observation.TwinId;
        Certification = observation.Certification;
        IsDedicated = observation.IsDedicated;
        PublicIpCount = observation.PublicIpCount;
        FreePublicIpCount = observation.FreePublicIpCount;
        StellarAddress = observation.StellarAddress;
        CapacityAsOf = observation.ObservedAt;
        return hasChanged;
    }

    /// <summary>Makes the account that the farm's twin is linked to its owner.</summary>
    public void LinkOwner(AccountId owner) => OwnerId = owner;

    /// <summary>The observation, with the stored value for each fact that was not read.</summary>
    private FarmObservation WithStored(FarmObservation seen)
    {
        bool Is(FarmFacts fact) => (seen.Unread & fact) != 0;
        return seen with
        {
            Name = Is(FarmFacts.Name) ? Name : seen.Name,
            TwinId = Is(FarmFacts.Twin) ? TwinId : seen.TwinId,
            Certification = Is(FarmFacts.Certification) ? Certification : seen.Certification,
            IsDedicated = Is(FarmFacts.Dedication) ? IsDedicated : seen.IsDedicated,
            PublicIpCount = Is(FarmFacts.PublicIps) ? PublicIpCount : seen.PublicIpCount,
            FreePublicIpCount = Is(FarmFacts.PublicIps) ? FreePublicIpCount : seen.FreePublicIpCount,
            StellarAddress = Is(FarmFacts.StellarAddress) ? StellarAddress : seen.StellarAddress,
            Unread = FarmFacts.None,
        };
    }

    private FarmObservation Seen() =>
        new(Id, Name, TwinId, Certification, IsDedicated, PublicIpCount, FreePublicIpCount, StellarAddress, CapacityAsOf, Grid);
}
