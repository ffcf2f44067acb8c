namespace Mycelium.GraphQL.Engine.Language;

/// <summary>What a text may ask of the parser. The defaults are for documents of strangers.</summary>
public sealed record ParserOptions
{
    public static ParserOptions Default { get; } = new();

    /// <summary>For texts of our own, such as a service's SDL: nothing but the depth is bounded.</summary>
    public static ParserOptions Trusted { get; } = new() { MaxCharacters = int.MaxValue, MaxTokens = int.MaxValue, MaxFields = int.MaxValue };

    /// <summary>
    /// How deep selection sets, list and object values and list types may nest, counted together. Every walk over a parsed document may recurse
    /// this deep: 200 levels use a small part of a 1 MiB thread stack, and a stack overflow in .NET ends the process.
    /// </summary>
    public int MaxDepth { get; init; } = 200;

    /// <summary>UTF-16 units of the text. 1 Mi is far over what 40,000 tokens of ordinary length need, and quick to refuse.</summary>
    public int MaxCharacters { get; init; } = 1024 * 1024;

    /// <summary>Tokens, comments not counted. 2,048 fields with an alias and a few arguments each are about 40,000, some 4 MB as a tree.</summary>
    public int MaxTokens { get; init; } = 40_000;

    /// <summary>Fields in the whole document; the largest introspection queries of tools have about 100.</summary>
    public int MaxFields { get; init; } = 2_048;
}
