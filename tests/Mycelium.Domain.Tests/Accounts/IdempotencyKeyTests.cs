using Mycelium.Domain.Accounts;
using Xunit;

namespace Mycelium.Domain.Tests.Accounts;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_has_8_to_64_characters(int length, bool isKey)
    {
        string text = new('k', length);

        Assert.Equal(isKey, IdempotencyKey.TryParse(text, out IdempotencyKey? key));
        Assert.Equal(isKey ? text : null, key?.Value);
    }

    [Theory]
    [InlineData("!~!~!~!~", true)]
    [InlineData("0197a1de-8a6c-7c5e-9d43-3f0e4a1b2c3d", true)]
    [InlineData("with space", false)]
    [InlineData("with\ttab", false)]
    [InlineData("new\nlines", false)]
    [InlineData("umlaut-ä-", false)]
    [InlineData("delete-\u007f", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_key_is_visible_ascii(string? text, bool isKey)
    {
        Assert.Equal(isKey, IdempotencyKey.TryParse(text, out _));
        if (!isKey)
            Assert.Throws<FormatException>(() => IdempotencyKey.Parse(text));
    }
}
