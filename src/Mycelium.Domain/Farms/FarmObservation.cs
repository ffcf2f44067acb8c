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
    string Grid);
