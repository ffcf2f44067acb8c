namespace Mycelium.Domain.Farms;

/// <summary>How far the grid has certified a farm.</summary>
public enum FarmCertification
{
    NotCertified,
    Silver,
    Gold,
}
