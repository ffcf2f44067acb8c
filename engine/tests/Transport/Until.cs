namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>Waits for something that nothing signals, such as a timer that the code under test starts, and gives up at a deadline.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(5, deadline.Token);
    }

    public static Task WithinDeadlineAsync(this Task task) => task.WaitAsync(TimeSpan.FromSeconds(20));

    public static Task<T> WithinDeadlineAsync<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(20));
}
