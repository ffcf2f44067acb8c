namespace Mycelium.Domain.Nodes;

/// <summary>
/// What a grid reports of a node; each fact is checked separately. The first five decide whether the node can be sold; the others are
/// descriptive.
/// </summary>
[Flags]
public enum NodeFacts
{
    None = 0,
    Farm = 1 << 0,
    Status = 1 << 1,
    Total = 1 << 2,
    Used = 1 << 3,
    GridRental = 1 << 4,

    /// <summary>While the grid reports an implausible value for one of these, the node sells nothing.</summary>
    State = Farm | Status | Total | Used | GridRental,

    Twin = 1 << 5,
    Country = 1 << 6,
    City = 1 << 7,

    /// <summary>Latitude and longitude: one is useless without the other.</summary>
    Coordinates = 1 << 8,
    Certification = 1 << 9,
    Dedication = 1 << 10,
    Health = 1 << 11,
    GpuCount = 1 << 12,
    Gpus = 1 << 13,
    Features = 1 << 14,
    Upload = 1 << 15,
    Download = 1 << 16,
    Uptime = 1 << 17,
    SerialNumber = 1 << 18,
    Created = 1 << 19,
    LastReport = 1 << 20,
}
