namespace Mycelium.Domain.Grids;

/// <summary>A grid that the market knows: its number, for ids, and its name, for people. Neither ever changes.</summary>
public sealed record GridIdentity(GridNumber Number, string Name)
{
    public static GridIdentity Main { get; } = new(GridNumber.Main, GridName.Main);
}
