namespace Mycelium.Domain.Farms;

/// <summary>What the grid says of a farm at one instant.</summary>
public sealed record FarmObservation(
    FarmId Id,
    string Name,
    long TwinId,
    FarmCertification Certification,
    bool IsDedicated,
    int PublicIpCount,
    int FreePublicIpCount,
    string? StellarAddress,
    DateTimeOffset ObservedAt);
