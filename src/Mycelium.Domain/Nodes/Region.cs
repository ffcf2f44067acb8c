namespace Mycelium.Domain.Nodes;

/// <summary>A part of the world, as the country data divides it.</summary>
public enum Region
{
    Africa,
    Americas,
    Antarctic,
    Asia,
    Europe,
    Oceania,
}
