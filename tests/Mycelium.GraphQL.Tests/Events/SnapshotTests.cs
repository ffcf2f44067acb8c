using System.Reflection;
using Mycelium.GraphQL.Events;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Tests.Events;

[Collection(ApiCollection.Name)]
public sealed class SnapshotTests(ApiHost host)
{
    private static readonly EventCursor position = default(EventCursor) with { Seq = 7 };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Limits.SnapshotPageMax, 1)]
    [InlineData(Limits.SnapshotPageMax + 1, 2)]
    [InlineData(3 * Limits.SnapshotPageMax, 3)]
    public void Only_the_first_page_begins_a_snapshot_and_only_the_last_ends_it_and_carries_its_cursor(int rowCount, int pageCount)
    {
        EventCursors cursors = host.Replica.Get<EventCursors>();
        int[] rows = [.. Enumerable.Range(0, rowCount)];

        IReadOnlyList<SnapshotPage<int>> pages = rows.InPages(cursors, position, page => page);

        Assert.Equal(pageCount, pages.Count);
        Assert.Equal(rows, pages.SelectMany(page => page.Rows));
        Assert.Equal(Enumerable.Range(0, pageCount).Select(index => index == 0), pages.Select(page => page.IsFirst));
        Assert.Equal(Enumerable.Range(1, pageCount).Select(index => index == pageCount), pages.Select(page => page.IsLast));
        Assert.Equal(Enumerable.Range(1, pageCount).Select(index => index == pageCount), pages.Select(page => page.Cursor == cursors.Write(position)));
    }

    [Fact]
    public void Every_snapshot_message_says_whether_it_is_the_first_or_the_last()
    {
        Type[] snapshots = [.. typeof(IStreamEvent).Assembly.GetTypes().Where(
            type => typeof(IStreamEvent).IsAssignableFrom(type) && type.Name.EndsWith("Snapshot", StringComparison.Ordinal))];

        Assert.True(snapshots.Length >= 3, "Fewer kinds of snapshots than before: does the search still find them all?");
        Assert.All(snapshots, type => Assert.Equal(
            [typeof(bool), typeof(bool)], [type.GetProperty("IsFirst")?.PropertyType, type.GetProperty("IsLast")?.PropertyType]));
    }
}
