using System.Runtime.CompilerServices;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>Sources of events.</summary>
internal static class Numbers
{
    public static async IAsyncEnumerable<string> To(int last)
    {
        await Task.CompletedTask;
        for (int number = 1; number <= last; number++)
            yield return $$"""{"tick":{{number}}}""";
    }

    /// <summary>One event, then nothing more until the reader leaves.</summary>
    public static async IAsyncEnumerable<string> OnceThenWait([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        yield return """{"tick":1}""";
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    /// <summary>Events of this size without end.</summary>
    public static async IAsyncEnumerable<string> Large(int bytes, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        string filler = new('x', bytes);
        while (!cancellation.IsCancellationRequested)
            yield return $$"""{"tick":"{{filler}}"}""";
    }
}
