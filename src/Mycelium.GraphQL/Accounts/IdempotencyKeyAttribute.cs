using System.ComponentModel.DataAnnotations;
using Mycelium.Domain.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>The text is an <see cref="IdempotencyKey"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class IdempotencyKeyAttribute() : ValidationAttribute(
    $"{{0}} must be {IdempotencyKey.LengthMin} to {IdempotencyKey.LengthMax} visible ASCII characters without spaces, such as a UUID.")
{
    public override bool IsValid(object? value) => IdempotencyKey.TryParse(value as string, out _);
}
