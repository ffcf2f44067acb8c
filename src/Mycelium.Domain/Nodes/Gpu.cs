namespace Mycelium.Domain.Nodes;

/// <summary>A graphics card of a node, as the grid describes it.</summary>
public sealed record Gpu(string Id, string Vendor, string Device);
