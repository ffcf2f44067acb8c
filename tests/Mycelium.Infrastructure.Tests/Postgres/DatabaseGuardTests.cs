using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>What a service outside Development does not start on. That the process ends by it is <c>GuardTests</c> of the end-to-end tests.</summary>
public sealed class DatabaseGuardTests
{
    [Fact]
    public async Task A_role_that_owns_nothing_on_a_database_without_demo_accounts_is_refused_for_nothing()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());

        Assert.Empty(await FindAsync(replica.Database));
    }

    [Fact]
    public async Task Before_there_are_tables_only_the_role_is_checked()
    {
        string owner = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using NpgsqlDataSource application = NpgsqlDataSource.Create(PostgresServer.AsApplication(owner));
        await using NpgsqlDataSource superuser = NpgsqlDataSource.Create(owner);

        Assert.Empty(await FindAsync(application));
        Assert.Contains("is a superuser", Assert.Single(await FindAsync(superuser)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LOGIN CREATEROLE", "", "may create roles")]
    [InlineData("LOGIN BYPASSRLS", "", "bypasses row-level security")]
    [InlineData("LOGIN REPLICATION", "", "may copy the whole server")]
    [InlineData("LOGIN", "GRANT pg_write_all_data TO {0}", "can read or write any data or server file as pg_write_all_data")]
    [InlineData("LOGIN", "GRANT mycelium TO {0}", "is a superuser as mycelium")]
    [InlineData("LOGIN", "CREATE TABLE public.mine (x integer); ALTER TABLE public.mine OWNER TO {0}", "owns the database or its tables")]
    [InlineData("LOGIN", "CREATE ROLE {0}_group CREATEROLE; GRANT {0}_group TO {0}", "may create roles as")]
    public async Task A_role_that_can_more_than_rows_is_refused_also_by_a_role_that_it_belongs_to(string options, string more, string sentence)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(); // Roles are the server's.
        string owner = await server.CreateDatabaseAsync();
        await using NpgsqlDataSource superuser = NpgsqlDataSource.Create(owner);
        await using (NpgsqlCommand create = superuser.CreateCommand($"CREATE ROLE mighty {options}; {more.Replace("{0}", "mighty", StringComparison.Ordinal)}"))
            await create.ExecuteNonQueryAsync();
        await using NpgsqlDataSource mighty = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(owner) { Username = "mighty" }.ConnectionString);

        string finding = Assert.Single(await FindAsync(mighty));

        Assert.Contains(sentence, finding, StringComparison.Ordinal);
        Assert.StartsWith("The role mighty of Postgres:ConnectionString ", finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_accounts_that_can_sign_in_are_found_until_they_are_closed()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        Account account = new()
        {
            UserName = "operator@demo.mycelium",
            NormalizedUserName = "OPERATOR@DEMO.MYCELIUM",
            PasswordHash = "hash",
            SecurityStamp = "stamp",
            EmailConfirmed = true
        };
        Account strangers = new() { UserName = "x@demo.mycelium", NormalizedUserName = "X@DEMO.MYCELIUM", PasswordHash = "hash", SecurityStamp = "stamp" };
        await using (MyceliumDb db = replica.Write())
        {
            db.AddRange(account, strangers);
            await db.SaveChangesAsync();
        }
        await using (NpgsqlCommand grant = replica.Owner.CreateCommand(
            "INSERT INTO account_roles SELECT accounts.id, roles.id FROM accounts, roles WHERE name = 'operator' AND email_confirmed"))
            await grant.ExecuteNonQueryAsync();

        string finding = Assert.Single(await FindAsync(replica.Database));
        int closed = await replica.Get<CloseDemoAccounts>().Execute(Actor.Command, default);

        Assert.Contains("close-demo-accounts", finding, StringComparison.Ordinal);
        // The stranger's is not one of ours: anyone may sign up with such an address.
        Assert.StartsWith("1 accounts of demo.mycelium", finding, StringComparison.Ordinal);
        Assert.Equal((2, 0), (closed, await replica.Get<CloseDemoAccounts>().Execute(Actor.Command, default)));
        Assert.Empty(await FindAsync(replica.Database));
        await using MyceliumDb read = replica.Read();
        Assert.Equal(2, read.Users.Count());
        Assert.All(read.Users, left => Assert.Equal((true, true), (left.PasswordHash is null, left.SecurityStamp != "stamp")));
        await using NpgsqlCommand entries = replica.Owner.CreateCommand(
            "SELECT count(*) FROM audit_entries WHERE action = 'AccountClosed' AND actor = 'Command'");
        Assert.Equal(2L, await entries.ExecuteScalarAsync());
        Assert.Empty(read.UserRoles);
    }

    [Fact]
    public async Task Unencrypted_keys_are_found_until_they_are_revoked()
    {
        await using var replica = new Replica(await TestDatabase.CreateAsync());
        await using (NpgsqlCommand store = replica.Owner.CreateCommand(
            """
            INSERT INTO data_protection_keys (xml) VALUES
                ('<key id="11111111-1111-1111-1111-111111111111"><creationDate>2026-01-01T00:00:00Z</creationDate>
                  <descriptor><masterKey><value>AAAA</value></masterKey></descriptor></key>'),
                ('<key id="22222222-2222-2222-2222-222222222222"><creationDate>2026-01-01T00:00:00Z</creationDate>
                  <descriptor><encryptedSecret /></descriptor></key>')
            """))
        {
            await store.ExecuteNonQueryAsync();
        }

        Assert.StartsWith("1 keys for tokens and quotes lie open", Assert.Single(await FindAsync(replica.Database)), StringComparison.Ordinal);
        await using (NpgsqlCommand revoke = replica.Owner.CreateCommand(
            """
            INSERT INTO data_protection_keys (xml)
                VALUES ('<revocation><revocationDate>2026-02-01T00:00:00Z</revocationDate><key id="11111111-1111-1111-1111-111111111111" /></revocation>')
            """))
        {
            await revoke.ExecuteNonQueryAsync();
        }

        Assert.Empty(await FindAsync(replica.Database));
    }

    private static Task<IReadOnlyList<string>> FindAsync(NpgsqlDataSource database) => new DatabaseGuard(database).FindAsync(default);
}
