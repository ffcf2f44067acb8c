using Xunit;

namespace Mycelium.Repository.Tests;

internal static class Findings
{
    /// <summary>Fails with all findings, one per line. An assertion on the collection would show only a few of them, truncated.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        if (found.Length > 0)
            Assert.Fail(string.Join('\n', found));
    }
}
