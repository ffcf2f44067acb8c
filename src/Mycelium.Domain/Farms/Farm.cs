using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Farms;

/// <summary>A group of nodes under one owner.</summary>
public sealed class Farm
{
    private Farm()
    {
    }

    public Farm(FarmObservation observation)
    {
        if (observation.IsDoubtful)
            throw new ArgumentException($"Farm {observation.Id} cannot be without its twin.", nameof(observation));
        Id = observation.Id;
        Name = $"Farm {observation.Id.Number}"; // Unless the grid says a name that can be believed.
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

    /// <summary>The grid rents the farm's nodes out as wholes only.</summary>
    public bool IsDedicated { get; private set; }

    public int PublicIpCount { get; private set; }

    public int FreePublicIpCount { get; private set; }

    /// <summary>Where the grid pays the farm.</summary>
    public string? StellarAddress { get; private set; }

    /// <summary>
    /// The twin by which the farm keeps its owner while its grid names another, <see cref="TwinId"/>, that nobody has linked to an account. Null everywhere else.
    /// </summary>
    public long? KeptByTwinId { get; private set; }

    /// <summary>The account that the farm's twin, or the one that keeps it, is linked to, if any.</summary>
    public AccountId? OwnerId { get; private set; }

    /// <summary>When the farm was last read from its grid.</summary>
    public DateTimeOffset CapacityAsOf { get; private set; }

    /// <summary>Takes over what its grid says, but for what cannot be believed; true when something other than the instant changed.</summary>
    public bool Observe(FarmObservation observation)
    {
        if (observation.Id != Id || observation.Grid != Grid)
            throw new ArgumentException($"Farm {Id} of {Grid} cannot take what was observed of farm {observation.Id} of {observation.Grid}.", nameof(observation));

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

    /// <summary>Gives the farm to the account that its twin is linked to.</summary>
    public void LinkOwner(AccountId owner) => OwnerId = owner;

    /// <summary>The observation with what it could not read as it is stored.</summary>
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
