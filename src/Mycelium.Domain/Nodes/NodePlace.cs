namespace Mycelium.Domain.Nodes;

/// <summary>Where a node is, as far as its grid reports it. Country code and region follow from the country's name.</summary>
public sealed record NodePlace(string? Country, string? City, double? Latitude, double? Longitude)
{
    public static NodePlace Unknown { get; } = new(null, null, null, null);
}
