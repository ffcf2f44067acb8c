using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Mycelium.Domain.Provisioning;

/// <summary>
/// The name by which a provisioner knows an image, such as <c>ubuntu-24.04</c>: 1 to 64 lower-case letters, digits, dots, hyphens and underscores, starting
/// with a letter or digit. Two grids may use one name for different images.
/// </summary>
public sealed partial record ImageId
{
    public const int LengthMax = 64;

    private ImageId(string value) => Value = value;

    public string Value { get; }

    public static ImageId Parse(string? text) =>
        TryParse(text, out ImageId? id) ? id : throw new FormatException("An image has 1 to 64 lower-case letters, digits, dots, hyphens and underscores.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageId? id)
    {
        id = text is not null && Pattern().IsMatch(text) ? new(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>An image that machines of a grid can start from.</summary>
/// <param name="Id">What <c>rentSlices</c> and <c>rebuildRental</c> take.</param>
/// <param name="Name">For people, such as "Ubuntu 24.04 LTS".</param>
/// <param name="Description">What is in it; empty if the provisioner does not say.</param>
public sealed record MachineImage(ImageId Id, string Name, string Description)
{
    /// <summary>The longest name that a provisioner may give.</summary>
    public const int NameLengthMax = 100;

    /// <summary>The longest description that a provisioner may give.</summary>
    public const int DescriptionLengthMax = 1_000;
}
