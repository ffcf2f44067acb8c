using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Accounts;

/// <summary>Mails from the outbox to a real SMTP server: smtp-server of npm.</summary>
public sealed class MailDeliveryTests : IAsyncLifetime
{
    private readonly int port = FreePort.Next();
    private ChildProcess server = null!;
    private Replica replica = null!;

    public async Task InitializeAsync()
    {
        replica = await StartReplicaAsync(("Mail:Security", "None"));
        server = await StartServerAsync();
    }

    public async Task DisposeAsync()
    {
        server.Dispose();
        await replica.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_arrives_as_it_was_written()
    {
        await replica.Get<MailOutbox>().PostAsync(
            "someone@example.org", new Mail("someone@example.org", "Grüße", "Ein Link:\nhttps://api.example.org/x?y=1\n"), default);

        await replica.Get<MailDelivery>().DeliverAsync(default);

        JsonElement mail = Arrived().Single();
        Assert.Equal("accounts@example.org", mail.GetProperty("from").GetString());
        Assert.Equal("someone@example.org", mail.GetProperty("to").EnumerateArray().Single().GetString());
        MimeKit.MimeMessage read = MimeKit.MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.GetProperty("text").GetString()!)));
        Assert.Equal(("Grüße", "Ein Link:\nhttps://api.example.org/x?y=1\n"), (read.Subject, read.TextBody!.ReplaceLineEndings("\n")));
        Assert.Equal("auto-generated", read.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task Without_a_server_a_mail_waits_and_arrives_once_there_is_one()
    {
        server.Dispose();
        await PostAsync("someone@example.org");

        await replica.Get<MailDelivery>().DeliverAsync(default);
        Assert.Equal((1L, 1), await WaitingAsync());
        server = await StartServerAsync();
        await replica.Get<MailDelivery>().DeliverAsync(default);
        Assert.Empty(Arrived()); // It is not due yet.
        await SqlAsync("UPDATE mails SET next_try_at = clock_timestamp()");
        await replica.Get<MailDelivery>().DeliverAsync(default);

        Assert.Single(Arrived());
        Assert.Equal((0L, 0), await WaitingAsync());
    }

    [Fact]
    public async Task What_the_server_refuses_for_good_is_given_up_and_what_it_refuses_for_now_is_tried_again()
    {
        await PostAsync("unknown@example.org");
        await PostAsync("busy@example.org");
        await PostAsync("someone@example.org");

        await replica.Get<MailDelivery>().DeliverAsync(default);
        Assert.Equal("someone@example.org", To(Arrived().Single()));
        Assert.Equal((1L, 1), await WaitingAsync());
        await SqlAsync("UPDATE mails SET next_try_at = clock_timestamp()");
        await replica.Get<MailDelivery>().DeliverAsync(default);

        Assert.Equal(["busy@example.org", "someone@example.org"], Arrived().Select(To).Order());
        Assert.Equal((0L, 0), await WaitingAsync());
    }

    [Fact]
    public async Task A_mail_whose_link_works_no_more_is_not_sent()
    {
        await PostAsync("someone@example.org");
        await SqlAsync("UPDATE mails SET created_at = created_at - interval '25 hours'");

        await replica.Get<MailDelivery>().DeliverAsync(default);

        Assert.Empty(Arrived());
        Assert.Equal((0L, 0), await WaitingAsync());
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_trusts_gets_no_mail_and_no_password()
    {
        await using Replica strict = await StartReplicaAsync(("Mail:Security", "StartTls"));
        await strict.Get<MailOutbox>().PostAsync("someone@example.org", new Mail("someone@example.org", "s", "t"), default);

        await strict.Get<MailDelivery>().DeliverAsync(default);

        Assert.Empty(Arrived());
        await using NpgsqlCommand waiting = strict.Database.CreateCommand("SELECT count(*) FROM mails WHERE payload IS NOT NULL");
        Assert.Equal(1L, await waiting.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Two_replicas_send_a_mail_once()
    {
        await using var other = new Replica(replica.ConnectionString, settings: Settings(("Mail:Security", "None")));
        for (int mail = 0; mail < 6; mail++)
            await PostAsync($"someone-{mail}@example.org");

        await Task.WhenAll(replica.Get<MailDelivery>().DeliverAsync(default), other.Get<MailDelivery>().DeliverAsync(default));

        Assert.Equal(6, Arrived().Select(To).Distinct().Count());
        Assert.Equal(6, Arrived().Count);
    }

    [Fact]
    public async Task One_address_gets_five_mails_an_hour_and_an_unknown_address_is_counted_in_the_same_way()
    {
        for (int mail = 0; mail < 8; mail++)
        {
            await PostAsync("Someone@example.org");
            await replica.Get<MailOutbox>().PostAsync("nobody@example.org", null, default);
        }

        await replica.Get<MailDelivery>().DeliverAsync(default);

        Assert.Equal(MailOutbox.PerHourMax, Arrived().Count);
        await using NpgsqlCommand rows = replica.Database.CreateCommand("SELECT count(*) FROM mails GROUP BY recipient_hash");
        await using NpgsqlDataReader reader = await rows.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            Assert.Equal(MailOutbox.PerHourMax, reader.GetInt64(0));
    }

    [Fact]
    public async Task The_table_shows_neither_the_address_nor_the_link_and_rows_are_deleted()
    {
        await PostAsync("someone@example.org");
        await using (NpgsqlCommand table = replica.Database.CreateCommand("SELECT mails::text || encode(payload, 'escape') FROM mails"))
        {
            string row = (string)(await table.ExecuteScalarAsync())!;
            Assert.DoesNotContain("someone", row, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("secret-link", row, StringComparison.Ordinal);
        }

        await replica.Get<MailDelivery>().DeliverAsync(default);
        await SqlAsync("UPDATE mails SET created_at = created_at - interval '61 minutes'");
        await replica.Get<SignInPruning>().PruneAsync(default);

        await using NpgsqlCommand count = replica.Database.CreateCommand("SELECT count(*) FROM mails");
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    private Task PostAsync(string address) => replica.Get<MailOutbox>().PostAsync(address, new Mail(address, "Subject", "secret-link"), default);

    private async Task SqlAsync(string sql)
    {
        await using NpgsqlCommand command = replica.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(long Count, int Tries)> WaitingAsync()
    {
        await using NpgsqlCommand command = replica.Database.CreateCommand("SELECT count(*), coalesce(max(tries), 0) FROM mails WHERE payload IS NOT NULL");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt32(1));
    }

    private List<JsonElement> Arrived() =>
        [.. server.Output.Split('\n').Where(line => line.StartsWith("MAIL ", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line["MAIL ".Length..]))];

    private static string To(JsonElement mail) => mail.GetProperty("to")[0].GetString()!;

    private async Task<Replica> StartReplicaAsync(params (string Name, string Value)[] more)
    {
        var started = new Replica(await TestDatabase.CreateAsync(), settings: Settings(more));
        await started.Get<KeyRing>().EnsureAsync(default);
        return started;
    }

    private IEnumerable<KeyValuePair<string, string?>> Settings(params (string Name, string Value)[] more) =>
    [
        new("Mail:Host", "127.0.0.1"), new("Mail:Port", port.ToString(CultureInfo.InvariantCulture)), new("Mail:User", "mycelium"),
        new("Mail:Password", "password"),
        new("Mail:From", "Mycelium <accounts@example.org>"), .. more.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
    ];

    private async Task<ChildProcess> StartServerAsync()
    {
        ChildProcess started = await NodeScripts.Mail.StartAsync("server.js", port.ToString(CultureInfo.InvariantCulture), "mycelium", "password");
        await started.WaitForLineAsync(line => line == "LISTENING");
        return started;
    }
}
