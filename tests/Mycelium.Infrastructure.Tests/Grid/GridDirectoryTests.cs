using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Grid;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

public sealed class GridDirectoryTests
{
    [Fact]
    public async Task Replicas_that_enrol_grids_at_once_agree_on_their_numbers()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        string[] names = [.. Enumerable.Range(1, 12).Select(number => $"cluster-{number}")];
        GridDirectory[] replicas = [rig.NewDirectory(), rig.NewDirectory(), rig.NewDirectory()];

        GridIdentity[][] numbered = await Task.WhenAll(
            replicas.Select(replica => Task.WhenAll(names.Select(name => replica.EnrolAsync(name, default).AsTask()))));

        Assert.Equal(numbered[0], numbered[1]);
        Assert.Equal(numbered[0], numbered[2]);
        Assert.Equal(Enumerable.Range(1, 12), numbered[0].Select(grid => grid.Number.Value).Order());
        Assert.Equal(numbered[0][0], await rig.NewDirectory().FindAsync("cluster-1", default));
    }

    [Fact]
    public async Task A_new_grid_gets_a_number_that_no_other_had()
    {
        await using SyncRig rig = await SyncRig.StartAsync();

        Assert.Equal(GridNumber.Main, (await rig.Directory.EnrolAsync("main", default)).Number);
        Assert.Equal(1, (await rig.Directory.EnrolAsync("test", default)).Number.Value);
        await rig.RunAsync("INSERT INTO grids (number, name) VALUES (2, 'old')");
        Assert.Equal(3, (await rig.Directory.EnrolAsync("next", default)).Number.Value);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("Main")]
    [InlineData("")]
    [InlineData("'; DROP TABLE grids")]
    public async Task A_name_that_no_grid_has_is_not_found(string name)
    {
        await using SyncRig rig = await SyncRig.StartAsync();

        Assert.Null(await rig.Directory.FindAsync(name, default));
    }

    [Theory]
    [InlineData("DELETE FROM grids WHERE name = 'test'")]
    [InlineData("UPDATE grids SET name = 'other' WHERE name = 'test'")]
    [InlineData("UPDATE grids SET number = 9 WHERE name = 'test'")]
    [InlineData("TRUNCATE grids CASCADE")]
    public async Task A_grid_cannot_be_renamed_renumbered_or_deleted(string sql)
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.Directory.EnrolAsync("test", default);

        await Assert.ThrowsAsync<PostgresException>(() => rig.RunAsync(sql));

        Assert.Equal(1, (await rig.NewDirectory().FindAsync("test", default))!.Number.Value);
    }
}
