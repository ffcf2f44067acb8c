using System.Diagnostics;

namespace Mycelium.Testing;

/// <summary>Waits for a condition that another thread or process brings about, and fails when the deadline passes.</summary>
public static class Eventually
{
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        TimeSpan patience = deadline ?? TimeSpan.FromSeconds(15);
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > patience)
                throw new TimeoutException($"Not within {patience.TotalSeconds} s: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until there is something, and returns it.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> find, string what, TimeSpan? deadline = null) where T : class
    {
        T? found = null;
        await HoldsAsync(async () => (found = await find()) is not null, what, deadline);
        return found!;
    }
}
