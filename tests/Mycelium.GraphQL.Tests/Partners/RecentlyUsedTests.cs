using Mycelium.GraphQL.Partners;

namespace Mycelium.GraphQL.Tests.Partners;

public sealed class RecentlyUsedTests
{
    [Fact]
    public void Keys_in_use_stay_while_others_are_evicted_and_the_count_stays_within_its_limit()
    {
        var cache = new RecentlyUsed<int, string>(countMax: 10);
        int created = 0;

        for (int key = 1; key <= 1_000; key++)
        {
            cache.GetOrAdd(0, _ => $"made {++created}");
            cache.GetOrAdd(key, of => $"{of}");
            Assert.InRange(cache.Count, 1, 10);
        }

        Assert.Equal(1, created);
    }

    [Fact]
    public async Task A_value_is_created_once_for_concurrent_callers()
    {
        var cache = new RecentlyUsed<int, string>(countMax: 10);
        int created = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => cache.GetOrAdd(1, _ => $"made {Interlocked.Increment(ref created)}"))));

        Assert.Equal(1, created);
    }

    [Fact]
    public void An_outdated_value_is_replaced_once_and_a_removed_one_is_created_again()
    {
        var cache = new RecentlyUsed<int, string>(countMax: 10);
        string outdated = cache.GetOrAdd(1, _ => "first");

        Assert.Equal("second", cache.Replace(1, outdated, _ => "second"));
        Assert.Equal("second", cache.Replace(1, outdated, _ => "third"));
        cache.Remove(1);
        Assert.Equal("fourth", cache.GetOrAdd(1, _ => "fourth"));
    }
}
