using System.Diagnostics.CodeAnalysis;

namespace Mycelium.Domain.Accounts;

/// <summary>
/// A key that the caller chooses for one request, so that a retry has no second effect: 8 to 64 visible ASCII characters, such as a UUID.
/// Each account and each operation has its own keys, so they never collide.
/// </summary>
public sealed record IdempotencyKey
{
    public const int LengthMin = 8;
    public const int LengthMax = 64;

    private IdempotencyKey(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out IdempotencyKey? key)
    {
        bool isKey = text is { Length: >= LengthMin and <= LengthMax } && text.All(character => character is > ' ' and <= '~');
        key = isKey ? new IdempotencyKey(text!) : null;
        return isKey;
    }

    public static IdempotencyKey Parse(string? text) =>
        TryParse(text, out IdempotencyKey? key)
            ? key
            : throw new FormatException($"An idempotency key is {LengthMin} to {LengthMax} visible ASCII characters, such as a UUID.");

    public override string ToString() => Value;
}
