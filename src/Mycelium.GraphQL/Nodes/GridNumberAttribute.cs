using System.ComponentModel.DataAnnotations;

namespace Mycelium.GraphQL.Nodes;

/// <summary>A number that the grid can have given: it counts nodes, farms and twins from 1, in 32 bits without a sign.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GridNumberAttribute() : ValidationAttribute($"{{0}} is a whole number from 1 to {uint.MaxValue}.")
{
    public override bool IsValid(object? value) => value is >= 1L and <= uint.MaxValue;
}
