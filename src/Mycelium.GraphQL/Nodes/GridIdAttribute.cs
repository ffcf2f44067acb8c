using System.ComponentModel.DataAnnotations;
using Mycelium.Domain.Grids;

namespace Mycelium.GraphQL.Nodes;

/// <summary>A number that a grid can have given: each counts its nodes, farms and twins from 1, in 32 bits without a sign.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GridIdAttribute() : ValidationAttribute($"{{0}} is a whole number from 1 to {GridNumber.OwnNumberMax}.")
{
    public override bool IsValid(object? value) => value is long number && GridNumber.IsOwnNumber(number);
}
