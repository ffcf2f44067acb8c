namespace Mycelium.Infrastructure.Partners;

/// <summary>What a partner may keep here: section <c>Partners</c>.</summary>
public sealed class PartnerOptions
{
    public const string Section = "Partners";

    /// <summary>1,000 documents: an application has some hundred operations, and old versions of it stay in use for a while.</summary>
    public int DocumentCountMax { get; set; } = 1_000;

    /// <summary>4 MiB of text together: 1,000 documents of twice the size that is common.</summary>
    public int DocumentBytesMax { get; set; } = 4 * 1024 * 1024;
}
