namespace Mycelium.GraphQL.Engine.Language;

/// <summary>The limits of the parser. The defaults are for untrusted documents.</summary>
public sealed record ParserOptions
{
    public static ParserOptions Default { get; } = new();

    /// <summary>For trusted texts, such as a service's SDL: only the depth is bounded.</summary>
    public static ParserOptions Trusted { get; } = new() { MaxCharacters = int.MaxValue, MaxTokens = int.MaxValue, MaxFields = int.MaxValue };

    /// <summary>
    /// The maximum nesting of selection sets, list and object values and list types, counted together. Anything that visits a parsed document may
    /// recurse this deep: 200 levels use a small part of a 1 MiB thread stack, and a stack overflow in .NET ends the process.
    /// </summary>
    public int MaxDepth { get; init; } = 200;

    /// <summary>The maximum length in UTF-16 units. 1 Mi is far more than 40,000 tokens of ordinary length need, and quick to reject.</summary>
    public int MaxCharacters { get; init; } = 1024 * 1024;

    /// <summary>
    /// The maximum number of tokens, without comments. 2,048 fields with an alias and a few arguments each are about 40,000, and take some 4 MB as a
    /// tree.
    /// </summary>
    public int MaxTokens { get; init; } = 40_000;

    /// <summary>The maximum number of fields in the whole document; the largest introspection queries of tools have about 100.</summary>
    public int MaxFields { get; init; } = 2_048;
}
