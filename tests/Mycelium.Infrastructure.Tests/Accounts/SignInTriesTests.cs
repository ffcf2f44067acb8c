using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Accounts;

/// <summary>Which tries to sign in are admitted. Their times are changed in the table.</summary>
public sealed class SignInTriesTests : IAsyncLifetime
{
    private Replica replica = null!;
    private SignInTries tries = null!;

    public async Task InitializeAsync()
    {
        replica = new Replica(await TestDatabase.CreateAsync());
        tries = replica.Get<SignInTries>();
    }

    public Task DisposeAsync() => replica.DisposeAsync().AsTask();

    [Fact]
    public async Task After_ten_tries_a_network_waits_five_minutes_and_others_do_not()
    {
        Assert.Equal(SignInTries.FailuresMax, await LetThroughAsync("OWNER", "192.0.2.1", 15));

        Assert.True(await tries.CountAsync(SignInTry.Of("OWNER", "192.0.2.2"), default));
        await AgeAsync(seconds: 5 * 60 - 20);
        Assert.Equal(0, await LetThroughAsync("OWNER", "192.0.2.1", 1));
        await AgeAsync(seconds: 20);
        Assert.Equal(SignInTries.FailuresMax, await LetThroughAsync("OWNER", "192.0.2.1", 15));
    }

    [Fact]
    public async Task A_thousand_at_once_are_not_let_through_together()
    {
        bool[] let = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => tries.CountAsync(SignInTry.Of("OWNER", "192.0.2.1"), default)));

        Assert.Equal(SignInTries.FailuresMax, let.Count(isLet => isLet));
    }

    [Fact]
    public async Task A_try_that_was_right_wipes_out_the_wrong_ones_of_its_network()
    {
        await LetThroughAsync("OWNER", "192.0.2.1", 9);
        await tries.TakeBackAsync(SignInTry.Of("OWNER", "192.0.2.1"), default);

        Assert.Equal(SignInTries.FailuresMax, await LetThroughAsync("OWNER", "192.0.2.1", 15));
    }

    [Fact]
    public async Task Many_networks_that_guess_at_one_name_are_slowed_down_and_its_owner_is_not()
    {
        await tries.CountAsync(SignInTry.Of("OWNER", "198.51.100.7"), default);
        await tries.TakeBackAsync(SignInTry.Of("OWNER", "198.51.100.7"), default);
        int let = 0;
        for (int network = 0; network < SignInTries.FailuresOfNameMax + 20; network++)
            let += await LetThroughAsync("OWNER", $"192.0.2.{network}", 1);

        Assert.Equal(SignInTries.FailuresOfNameMax, let);
        Assert.Equal(1, await LetThroughAsync("OWNER", "198.51.100.7", 1));
        Assert.Equal(1, await LetThroughAsync("ANOTHER", "192.0.2.200", 1));
        await AgeAsync(seconds: 30);
        Assert.Equal(1, await LetThroughAsync("OWNER", "192.0.2.201", 1));
        Assert.Equal(0, await LetThroughAsync("OWNER", "192.0.2.202", 1));
    }

    [Fact]
    public async Task Owning_one_network_does_not_wipe_out_what_the_others_have_guessed()
    {
        for (int network = 0; network < SignInTries.FailuresOfNameMax; network++)
            await LetThroughAsync("OWNER", $"192.0.2.{network}", 1);
        await AgeAsync(seconds: 30);
        await tries.CountAsync(SignInTry.Of("OWNER", "198.51.100.7"), default);
        await tries.TakeBackAsync(SignInTry.Of("OWNER", "198.51.100.7"), default);

        Assert.Equal(0, await LetThroughAsync("OWNER", "192.0.2.201", 1));
    }

    [Fact]
    public async Task Expired_tries_are_deleted_and_networks_to_sign_in_from_are_kept()
    {
        await LetThroughAsync("OWNER", "192.0.2.1", 3);
        await LetThroughAsync("OWNER", "192.0.2.2", 1);
        await tries.TakeBackAsync(SignInTry.Of("OWNER", "192.0.2.2"), default);
        await AgeAsync(seconds: 61 * 60);

        Assert.Equal(2, await tries.PruneAsync(100, default)); // The first network, and all unknown ones together.

        await using NpgsqlCommand left = replica.Database.CreateCommand("SELECT network FROM sign_in_tries");
        Assert.Equal("192.0.2.2", await left.ExecuteScalarAsync());
    }

    private async Task<int> LetThroughAsync(string name, string network, int count)
    {
        int let = 0;
        for (int index = 0; index < count; index++)
            let += await tries.CountAsync(SignInTry.Of(name, network), default) ? 1 : 0;
        return let;
    }

    private async Task AgeAsync(int seconds)
    {
        await using NpgsqlCommand command = replica.Database.CreateCommand("UPDATE sign_in_tries SET tried_at = tried_at - make_interval(secs => $1)");
        command.Parameters.AddWithValue((double)seconds);
        await command.ExecuteNonQueryAsync();
    }
}
