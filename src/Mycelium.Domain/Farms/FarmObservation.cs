namespace Mycelium.Domain.Farms;

/// <summary>What a grid reports of a farm at one instant.</summary>
/// <param name="Grid">The name of the grid whose number is in <paramref name="Id"/>.</param>
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
    /// <summary>The facts whose reported values are implausible. They keep their stored values.</summary>
    public FarmFacts Unread { get; init; }

    /// <summary>It is uncertain who owns the farm. A new farm cannot be stored in this state.</summary>
    public bool IsDoubtful => (Unread & FarmFacts.Twin) != 0;
}
