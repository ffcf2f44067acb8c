using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Accounts;

/// <summary>Keys in the table are wrapped by a certificate: a thief of the table, or of a backup, can open and seal nothing.</summary>
public sealed class KeyProtectionTests : IAsyncLifetime
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
    public async Task A_replica_without_the_certificate_opens_and_seals_nothing()
    {
        Replica owner = Add(KeyRingCertificate.Path);
        await owner.Get<KeyRing>().EnsureAsync(default);
        string token = Seal(owner);
        Assert.DoesNotContain("masterKey", await KeysAsync(), StringComparison.Ordinal);

        Replica reader = Add();
        Replica stranger = Add(KeyRingCertificate.Make());

        Assert.All((Replica[])[reader, stranger], thief =>
        {
            Assert.ThrowsAny<Exception>(() => Open(thief, token));
            Assert.ThrowsAny<Exception>(() => Seal(thief));
        });
        Assert.Equal("text", Open(Add(KeyRingCertificate.Path), token));
    }

    /// <summary>They are kept for years, and the certificate of an old key is not.</summary>
    [Fact]
    public async Task Second_factors_are_sealed_again_by_the_current_key_and_those_of_a_lost_key_stay()
    {
        string before = KeyRingCertificate.Make(), after = KeyRingCertificate.Make();
        Replica first = Add(before);
        await first.Get<KeyRing>().EnsureAsync(default);
        var account = new Account();
        await using (MyceliumDb db = first.Read())
        {
            db.Add(account);
            await db.SaveChangesAsync();
        }
        string[] stored = [.. Enumerable.Range(0, 5).Select(number => first.Get<SecondFactorSeal>().Close($"secret {number}")), "sealed:AAAA", "plain"];
        for (int number = 0; number < stored.Length; number++)
        {
            await using NpgsqlCommand insert = first.Owner.CreateCommand(
                "INSERT INTO account_tokens (user_id, login_provider, name, value) VALUES ($1, 'provider', $2, $3)");
            foreach (object value in (object[])[account.Id, $"name {number}", stored[number]])
                insert.Parameters.Add(new NpgsqlParameter { Value = value });
            await insert.ExecuteNonQueryAsync();
        }
        Replica second = Add(after, old: before);
        Assert.Equal(1, await second.Get<SecondFactorSeal>().ResealAsync(10, default)); // It cannot be opened.
        second.Get<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow + TimeSpan.FromDays(90));
        await second.Get<KeyRing>().FollowAsync(default);

        int[] looked = [.. await ResealAsync(2), .. await ResealAsync(2), .. await ResealAsync(2), .. await ResealAsync(2)];

        Assert.Equal([2, 2, 2, 0], looked);
        Replica third = Add(after);
        string[] now = await StoredAsync(second);
        Assert.Equal(Enumerable.Range(0, 5).Select(number => $"secret {number}"), now[..5].Select(third.Get<SecondFactorSeal>().Open));
        Assert.Equal(["sealed:AAAA", "plain"], now[5..]);

        async Task<int[]> ResealAsync(int countMax) => [await second.Get<SecondFactorSeal>().ResealAsync(countMax, default)];
    }

    [Fact]
    public async Task A_new_certificate_reads_what_the_old_one_wrapped_and_wraps_what_is_new()
    {
        string before = KeyRingCertificate.Make(), after = KeyRingCertificate.Make();
        Replica first = Add(before);
        await first.Get<KeyRing>().EnsureAsync(default);
        string token = Seal(first);

        Replica second = Add(after, old: before);
        Assert.Equal("text", Open(second, token));
        second.Get<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow + TimeSpan.FromDays(90));
        await second.Get<KeyRing>().FollowAsync(default);
        string later = Seal(second);

        Assert.Equal("text", Open(Add(after, old: before), later));
        Assert.Equal("text", Open(Add(after), later));
        Assert.Throws<CryptographicException>(() => Open(Add(before), later));
    }

    [Fact]
    public async Task Open_keys_are_found_and_revoked_and_what_they_sealed_ends()
    {
        Replica open = Add();
        await open.Get<KeyRing>().EnsureAsync(default);
        string token = Seal(open);
        Assert.Single(await OpenKeysAsync());
        Assert.Null(await open.Get<KeyRing>().RevokeOpenAsync(Actor.Command, default));
        Replica running = Add(KeyRingCertificate.Path);
        Assert.Equal("text", Open(running, token));
        await running.Get<KeyRing>().FollowAsync(default);

        int? count = await Add(KeyRingCertificate.Path).Get<KeyRing>().RevokeOpenAsync(Actor.Command, default);

        Assert.Equal(1, count);
        Assert.Empty(await OpenKeysAsync());
        Assert.Equal(0, await Add(KeyRingCertificate.Path).Get<KeyRing>().RevokeOpenAsync(Actor.Command, default));
        await running.Get<KeyRing>().FollowAsync(default);
        Assert.ThrowsAny<CryptographicException>(() => Open(running, token));
        string renewed = Seal(running);
        Assert.ThrowsAny<CryptographicException>(() => Open(Add(), renewed));
        Assert.Equal("text", Open(Add(KeyRingCertificate.Path), renewed));
    }

    [Fact]
    public void One_row_revokes_all_keys_from_before_a_date()
    {
        static string Key(string created) =>
            $"<key id=\"{Guid.NewGuid()}\"><creationDate>{created}</creationDate>"
            + "<descriptor><descriptor><masterKey><value>x</value></masterKey></descriptor></descriptor></key>";
        const string revocation = "<revocation><revocationDate>2026-01-02T00:00:00Z</revocationDate><key id=\"*\" /></revocation>";

        Assert.Empty(OpenKeys.Among([Key("2026-01-01T00:00:00Z"), revocation]));
        Assert.Single(OpenKeys.Among([Key("2026-01-03T00:00:00Z"), revocation, "not xml", "<key id=\"x\"><encryptedSecret/></key>"]));
    }

    /// <summary>Otherwise its owner would have to sign in again.</summary>
    [Fact]
    public async Task A_payload_whose_key_could_not_be_looked_for_is_not_taken_for_a_forged_one()
    {
        var clock = new TestClock();
        Replica replica = Add(KeyRingCertificate.Path);
        await replica.Get<KeyRing>().EnsureAsync(default);
        KeyRings real = replica.Get<KeyRings>();
        bool fails = false;
        var rings = new KeyRings(() => fails ? throw new NpgsqlException("no") : real);
        IDataProtector protector = new GuardedProtection(replica.Get<IDataProtectionProvider>(), rings, clock).CreateProtector("test");

        fails = true;
        Assert.Throws<StoreUnavailableException>(() => protector.Unprotect(Forged()));
        fails = false;
        Assert.Throws<StoreUnavailableException>(() => protector.Unprotect(Forged())); // Not looked for again at once.
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(Forged()));
    }

    [Fact]
    public async Task A_forged_payload_has_the_table_read_once_a_minute_at_most()
    {
        int reads = 0;
        var clock = new TestClock();
        Replica replica = Add(KeyRingCertificate.Path);
        await replica.Get<KeyRing>().EnsureAsync(default);
        KeyRings real = replica.Get<KeyRings>();
        var counted = new KeyRings(() =>
        {
            reads++;
            return real;
        });
        var guard = new GuardedProtection(replica.Get<IDataProtectionProvider>(), counted, clock);
        IDataProtector protector = guard.CreateProtector("test");
        reads = 0;

        for (int forged = 0; forged < 100; forged++)
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(Forged()));
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect([1, 2, 3]));
        Assert.Equal(1, reads);

        clock.Advance(GuardedProtection.LookPeriod - TimeSpan.FromTicks(1));
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(Forged()));
        Assert.Equal(1, reads);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(Forged()));
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task A_key_that_another_replica_has_just_made_is_found_by_the_first_who_shows_it()
    {
        Replica one = Add(KeyRingCertificate.Path), other = Add(KeyRingCertificate.Path);
        await one.Get<KeyRing>().EnsureAsync(default);
        Open(other, Seal(one));
        one.Get<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow + TimeSpan.FromDays(90));
        await one.Get<KeyRing>().FollowAsync(default);

        Assert.Equal("text", Open(other, Seal(one)));
    }

    [Theory]
    [InlineData("no-such-file.pem")]
    [InlineData("/dev/null")]
    public void A_certificate_that_cannot_be_read_is_named_with_its_setting(string path)
    {
        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(() => KeyCertificates.Load(new KeyProtectionOptions { Certificate = path }));

        Assert.StartsWith("DataProtection:Certificate: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pfx_with_a_password_and_a_key_in_a_file_of_its_own_are_read()
    {
        string folder = Directory.CreateTempSubdirectory("mycelium-pfx-").FullName;
        string pem = KeyCertificates.Make(A.Noon);
        int keyAt = pem.IndexOf("-----BEGIN PRIVATE KEY", StringComparison.Ordinal);
        string certificate = Path.Combine(folder, "certificate.pem"), key = Path.Combine(folder, "key.pem"), pfx = Path.Combine(folder, "both.pfx");
        File.WriteAllText(certificate, pem[..keyAt]);
        File.WriteAllText(key, pem[keyAt..]);
        KeyCertificates apart = KeyCertificates.Load(new KeyProtectionOptions { Certificate = certificate, CertificateKey = key });
        File.WriteAllBytes(pfx, apart.Current!.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "secret"));

        KeyCertificates packed = KeyCertificates.Load(
            new KeyProtectionOptions { Certificate = pfx, CertificatePassword = "secret", OldCertificates = $" {pfx} , {pfx}" });

        Assert.Equal(apart.Current!.Thumbprint, packed.Current!.Thumbprint);
        Assert.Equal(3, packed.All.Count);
        Assert.Throws<InvalidOperationException>(() => KeyCertificates.Load(new KeyProtectionOptions { Certificate = pfx, CertificatePassword = "wrong" }));
        Assert.Throws<InvalidOperationException>(() => KeyCertificates.Load(new KeyProtectionOptions { Certificate = certificate }));
        Directory.Delete(folder, recursive: true);
    }

    private static byte[] Forged() => [0x09, 0xF0, 0xC9, 0xF0, .. Guid.NewGuid().ToByteArray(), .. new byte[64]];

    private static string Seal(Replica replica) => replica.Get<IDataProtectionProvider>().CreateProtector("test").Protect("text");

    private static string Open(Replica replica, string text) => replica.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(text);

    private Replica Add(string? certificate = null, string? old = null)
    {
        var replica = new Replica(
            connectionString, settings: [new("DataProtection:Certificate", certificate ?? ""), new("DataProtection:OldCertificates", old ?? "")]);
        replicas.Add(replica);
        return replica;
    }

    private async Task<string> KeysAsync()
    {
        await using NpgsqlCommand read = replicas[0].Database.CreateCommand("SELECT string_agg(xml, '') FROM data_protection_keys");
        return (string)(await read.ExecuteScalarAsync())!;
    }

    private async Task<IReadOnlyList<Guid>> OpenKeysAsync()
    {
        await using NpgsqlConnection connection = await replicas[0].Database.OpenConnectionAsync();
        return await OpenKeys.FindAsync(connection, default);
    }

    private static async Task<string[]> StoredAsync(Replica replica)
    {
        await using NpgsqlCommand read = replica.Owner.CreateCommand("SELECT array_agg(value ORDER BY name) FROM account_tokens");
        return (string[])(await read.ExecuteScalarAsync())!;
    }
}
