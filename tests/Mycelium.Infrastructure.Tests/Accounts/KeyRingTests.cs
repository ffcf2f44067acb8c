using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Accounts;

public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly List<Replica> replicas = [];
    private string connectionString = "";

    public async Task InitializeAsync() => connectionString = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        foreach (Replica replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_that_start_at_once_make_one_key_and_open_what_the_others_seal()
    {
        Replica[] all = [Add(), Add(), Add()];

        bool[] made = await Task.WhenAll(all.Select(replica => Task.Run(() => replica.Get<KeyRing>().EnsureAsync(default))));

        Assert.Single(made, isMade => isMade);
        IKey key = Assert.Single(all[0].Get<IKeyManager>().GetAllKeys());
        Assert.True(key.ActivationDate <= DateTimeOffset.UnixEpoch); // On every clock.
        string text = all[0].Get<IDataProtectionProvider>().CreateProtector("test").Protect("text");
        Assert.All(all, replica => Assert.Equal("text", replica.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(text)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_key_that_would_end_within_a_week_by_the_databases_clock_gets_a_successor_which_begins_when_it_ends(int minutesBeyond)
    {
        Replica replica = Add();
        IKeyManager keys = replica.Get<IKeyManager>();
        DateTimeOffset end = await DatabaseNowAsync(replica) + TimeSpan.FromDays(7) + TimeSpan.FromMinutes(minutesBeyond);
        keys.CreateNewKey(end - TimeSpan.FromDays(90), end);

        bool isMade = await replica.Get<KeyRing>().EnsureAsync(default);

        Assert.Equal(minutesBeyond < 0, isMade);
        Assert.Equal(isMade ? 2 : 1, keys.GetAllKeys().Count);
        if (isMade)
            Assert.Contains(keys.GetAllKeys(), key => (key.ActivationDate - end).Duration() < TimeSpan.FromSeconds(1)
                && key.ExpirationDate > end + TimeSpan.FromDays(80));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task A_machine_whose_clock_is_off_takes_the_time_of_the_database(int hours)
    {
        var off = new TestClock(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours));
        Replica replica = Add(services => services.AddSingleton(new StoreClock(off)));

        bool isAvailable = await replica.Get<StoreProbe>().CheckAsync(default);

        Assert.True(isAvailable);
        Assert.InRange(replica.Get<TimeProvider>().GetUtcNow() - await DatabaseNowAsync(replica), TimeSpan.FromSeconds(-30), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task After_a_restore_of_the_database_nothing_is_sealed_with_a_lost_key()
    {
        Replica ran = Add();
        await ran.Get<KeyRing>().EnsureAsync(default);
        string before = Seal(ran);
        await using (NpgsqlCommand putBack = ran.Owner.CreateCommand("DELETE FROM data_protection_keys"))
            await putBack.ExecuteNonQueryAsync();
        Replica started = Add();
        await started.Get<KeyRing>().EnsureAsync(default);
        Assert.ThrowsAny<CryptographicException>(() => Open(started, Seal(ran))); // Until it is known here.

        ran.Get<Restores>().Report();

        await Eventually.HoldsAsync(() => Opens(started, Seal(ran)), "the keys are read again"); // Data protection does that in the background.
        Assert.ThrowsAny<CryptographicException>(() => Open(ran, before));
    }

    private static string Seal(Replica replica) => replica.Get<IDataProtectionProvider>().CreateProtector("test").Protect("text");

    private static bool Opens(Replica replica, string text)
    {
        try
        {
            return Open(replica, text) == "text";
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Open(Replica replica, string text) => replica.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(text);

    private Replica Add(Action<IServiceCollection>? configure = null)
    {
        var replica = new Replica(connectionString, configure);
        replicas.Add(replica);
        return replica;
    }

    private static async Task<DateTimeOffset> DatabaseNowAsync(Replica replica)
    {
        await using var ask = replica.Database.CreateCommand("SELECT clock_timestamp()");
        return new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync())!);
    }
}
