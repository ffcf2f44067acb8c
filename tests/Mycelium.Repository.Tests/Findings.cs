using Xunit;

namespace Mycelium.Repository.Tests;

internal static class Findings
{
    /// <summary>Fails with all of them, a line each; an assertion on the collection would show the first few characters of a few.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        if (found.Length > 0)
            Assert.Fail(string.Join('\n', found));
    }
}
