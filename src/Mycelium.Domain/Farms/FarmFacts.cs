namespace Mycelium.Domain.Farms;

/// <summary>What a grid says of a farm, each judged by itself. The twin owns the farm: while it cannot be believed, the farm's nodes sell nothing. The rest describes it.</summary>
[Flags]
public enum FarmFacts
{
    None = 0,
    Twin = 1 << 0,
    Name = 1 << 1,
    Certification = 1 << 2,
    Dedication = 1 << 3,
    PublicIps = 1 << 4,
    StellarAddress = 1 << 5,
}
