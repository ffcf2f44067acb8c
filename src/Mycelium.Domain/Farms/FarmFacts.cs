namespace Mycelium.Domain.Farms;

/// <summary>
/// What a grid reports of a farm; each fact is checked separately. The twin owns the farm: while the reported twin is implausible, the
/// farm's nodes sell nothing. The other facts are descriptive.
/// </summary>
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
