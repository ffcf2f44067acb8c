using System.Buffers.Text;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Cursors;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Events;

public sealed class EventCursorTests : IAsyncLifetime
{
    private static readonly EventCursor place = new(Guid.Parse("00010203-0405-0607-0809-0a0b0c0d0e0f"), 42, 7);
    private Replica replica = null!;

    private EventCursors Cursors => replica.Get<EventCursors>();

    public async Task InitializeAsync() => replica = await StartAsync(await TestDatabase.CreateAsync());

    public async Task DisposeAsync() => await replica.DisposeAsync();

    [Fact]
    public void A_cursor_is_read_back_and_nothing_else_is_taken_for_one()
    {
        string cursor = Cursors.Write(place);

        Assert.True(Cursors.TryRead(cursor, out EventCursor read));
        Assert.Equal(place, read);
        Assert.All(new[] { null, "", "x", "AAAA", cursor + "A", cursor[1..], new string('A', 500) }, text => Assert.False(Cursors.TryRead(text, out _)));
    }

    /// <summary>A fingerprint that differs in one byte stands for a secret that was lost.</summary>
    [Fact]
    public void A_cursor_that_was_changed_is_refused_whichever_byte_it_is_or_goes_nowhere()
    {
        byte[] cursor = Base64Url.DecodeFromChars(Cursors.Write(place));

        for (int index = 0; index < cursor.Length; index++)
        {
            byte[] changed = [.. cursor];
            changed[index] ^= 1;
            bool isRead = Cursors.TryRead(Base64Url.EncodeToString(changed), out EventCursor read);
            Assert.Equal(index is >= 33 and < 37, isRead);
            Assert.True(!isRead || read.Mark == EventCursor.Unmarked);
        }
    }

    [Theory]
    [InlineData("AQMCAQAFBAcGCAkKCwwNDg8AAAAAAAAAKg")] // Version 1, the epoch, number 42.
    [InlineData("AgMCAQAFBAcGCAkKCwwNDg8AAAAAAAAAKgAAAAAAAAAH")] // Version 2, with the mark.
    public void A_cursor_of_a_release_that_signed_none_is_a_place_that_nobody_resumes_from(string unsigned)
    {
        Assert.True(Cursors.TryRead(unsigned, out EventCursor read));

        Assert.Equal(place with { Mark = EventCursor.Unmarked }, read);
        Assert.False(new EventRange(place.Epoch, 10, 50, 8).CanResume(read, 7));
    }

    [Fact]
    public async Task Replicas_that_start_at_once_read_each_others_cursors_and_so_does_one_that_starts_later()
    {
        string database = await TestDatabase.CreateAsync();
        Replica[] together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(database)));
        await using Replica later = await StartAsync(database);
        string cursor = together[0].Get<EventCursors>().Write(place);

        foreach (Replica other in (Replica[])[.. together, later])
        {
            Assert.True(other.Get<EventCursors>().TryRead(cursor, out EventCursor read));
            Assert.Equal(place, read);
        }
        foreach (Replica one in together)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task When_the_keys_of_the_secret_were_revoked_there_is_another_and_old_cursors_are_void()
    {
        string cursor = Cursors.Write(place);
        IKeyManager keys = replica.Get<IKeyManager>();
        foreach (IKey key in keys.GetAllKeys())
            keys.RevokeKey(key.KeyId);
        await using Replica started = await StartAsync(replica.ConnectionString);

        Assert.True(started.Get<EventCursors>().TryRead(cursor, out EventCursor read));

        Assert.Equal(EventCursor.Unmarked, read.Mark);
        await using NpgsqlCommand count = replica.Owner.CreateCommand("SELECT count(*) FROM cursor_keys");
        Assert.Equal(2L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_secret_is_not_stored_unencrypted()
    {
        await using NpgsqlCommand read = replica.Owner.CreateCommand("SELECT protected_secret FROM cursor_keys");

        // Data protection's header, vector and authentication are around the 32 bytes.
        Assert.InRange(((byte[])(await read.ExecuteScalarAsync())!).Length, 65, 4_096);
    }

    private static async Task<Replica> StartAsync(string database)
    {
        var replica = new Replica(database);
        await replica.Get<KeyRing>().EnsureAsync(default);
        await replica.Get<CursorSecret>().EnsureAsync(default);
        return replica;
    }
}
