using Mycelium.GraphQL.Partners;

namespace Mycelium.GraphQL.Tests.Partners;

public sealed class RecentlyUsedTests
{
    [Fact]
    public void What_is_in_use_stays_while_keys_that_come_once_pass_and_no_more_than_the_bound_is_kept()
    {
        var memory = new RecentlyUsed<int, string>(countMax: 10);
        int made = 0;

        for (int key = 1; key <= 1_000; key++)
        {
            memory.GetOrAdd(0, _ => $"made {++made}");
            memory.GetOrAdd(key, of => $"{of}");
            Assert.InRange(memory.Count, 1, 10);
        }

        Assert.Equal(1, made);
    }

    [Fact]
    public async Task A_value_is_made_once_for_all_who_ask_at_the_same_time()
    {
        var memory = new RecentlyUsed<int, string>(countMax: 10);
        int made = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => memory.GetOrAdd(1, _ => $"made {Interlocked.Increment(ref made)}"))));

        Assert.Equal(1, made);
    }

    [Fact]
    public void An_outdated_value_is_replaced_once_and_a_removed_one_is_made_anew()
    {
        var memory = new RecentlyUsed<int, string>(countMax: 10);
        string outdated = memory.GetOrAdd(1, _ => "first");

        Assert.Equal("second", memory.Replace(1, outdated, _ => "second"));
        Assert.Equal("second", memory.Replace(1, outdated, _ => "third"));
        memory.Remove(1);
        Assert.Equal("fourth", memory.GetOrAdd(1, _ => "fourth"));
    }
}
