namespace Mycelium.Domain.Grids;

/// <summary>A grid of the market: its number, used in IDs, and its name, shown to people. Neither ever changes.</summary>
public sealed record GridIdentity(GridNumber Number, string Name)
{
    public static GridIdentity Main { get; } = new(GridNumber.Main, GridName.Main);
}
