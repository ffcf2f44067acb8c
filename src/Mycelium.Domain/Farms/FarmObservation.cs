namespace Mycelium.Domain.Farms;

/// <summary>What its grid says of a farm at one instant.</summary>
/// <param name="Grid">The name of the grid that <paramref name="Id"/> has the number of.</param>
public sealed record FarmObservation(
    FarmId Id,
    string Name,
    long TwinId,
    FarmCertification Certification,
    bool IsDedicated,
    int PublicIpCount,
    int FreePublicIpCount,
    string? StellarAddress,
    DateTimeOffset ObservedAt,
    string Grid)
{
    /// <summary>What the grid says of these cannot be believed: they stay as they were.</summary>
    public FarmFacts Unread { get; init; }

    /// <summary>Who owns the farm is not known for sure. A farm that was not known before cannot be stored.</summary>
    public bool IsDoubtful => (Unread & FarmFacts.Twin) != 0;
}
