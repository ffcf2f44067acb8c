using System.Text.RegularExpressions;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>What PostgreSQL refuses for every role and under every setting of a session: each statement stands for a defect that we may one day have.</summary>
public sealed partial class ConstraintTests(ConstraintSessions sessions) : IClassFixture<ConstraintSessions>
{
    /// <summary>What only the owner may do: pass triggers by, or make tables of the session that run ours, or that write from inside a trigger.</summary>
    private static readonly string[] beyondRows =
    [
        "SET session_replication_role = replica",
        "ALTER TABLE public.slices DISABLE TRIGGER ALL",
        "CREATE TEMP TABLE mine (x integer)",
        "CREATE TABLE public.mine (x integer)",
        "CREATE FUNCTION public.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER mine AFTER INSERT ON public.slices FOR EACH STATEMENT EXECUTE FUNCTION public.count_taken_slices()",
    ];

    /// <summary>Every value of settings that any session may change, the bounds of numbers; and of texts what could mislead a function.</summary>
    private const string Settings = """
        SELECT name, value FROM pg_settings
        CROSS JOIN LATERAL unnest(
            CASE vartype WHEN 'bool' THEN ARRAY['on', 'off'] WHEN 'enum' THEN enumvals WHEN 'string' THEN ARRAY['']::text[] ELSE ARRAY[min_val, max_val] END)
            AS value
        WHERE context = 'user'
          AND NOT name = ANY (ARRAY['exit_on_error', 'role', 'session_authorization']) -- The first ends the session; the others are not settings.
        UNION ALL VALUES ('search_path', 'pg_temp, public'), ('search_path', 'pg_temp, pg_catalog'),
            ('mycelium.writer', 'start_rentals'), ('mycelium.writer', 'desk')
        ORDER BY name
        """;

    [Theory]
    [MemberData(nameof(ConstraintSessions.All), MemberType = typeof(ConstraintSessions))]
    public async Task A_statement_that_breaks_a_promise_is_refused_by_its_constraint(string session)
    {
        await using NpgsqlConnection connection = await sessions.OpenAsync(session);
        int byRights = 0;
        var wrong = new List<string>();

        foreach ((string sql, string constraint) in BrokenPromises.All)
        {
            await using var attempt = new NpgsqlCommand("SELECT attempt($1)", connection) { Parameters = { new() { Value = sql } } };
            string? refusal = await attempt.ExecuteScalarAsync() as string;
            if (refusal is null)
            {
                wrong.Add($"Accepted: {sql}");
                continue;
            }
            bool isByRights = session == ConstraintSessions.Application
                && refusal.StartsWith(PostgresErrorCodes.InsufficientPrivilege, StringComparison.Ordinal);
            byRights += isByRights ? 1 : 0;
            if (!isByRights && !IsRefusedBy(refusal, constraint))
                wrong.Add($"{sql}\nis refused by {refusal}\ninstead of {constraint}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // The application reaches constraints too, where it needs the right to the statement.
        Assert.InRange(byRights, 0, BrokenPromises.All.Length - 1);
    }

    [Fact]
    public void Every_setting_that_the_code_gives_to_a_session_is_tried()
    {
        string[] set = [.. Directory.EnumerateFiles(RepositoryRoot.Combine("src", "Mycelium.Infrastructure"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => SetStatement().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).Distinct()];

        Assert.Contains("plan_cache_mode", set);
        Assert.Contains("check_function_bodies", set);
        Assert.Empty(set.Except(ConstraintSessions.SettingNames));
    }

    private const string Attempts = "SELECT public.attempt(statement) FROM unnest($1) WITH ORDINALITY AS one (statement, number) ORDER BY number";

    [Fact]
    public async Task No_setting_of_a_session_lets_a_statement_through()
    {
        await using TestMarket market = await ConstraintSessions.StockAsync();
        await market.SqlAsync(ConstraintSessions.Attempt + ConstraintSessions.Writer);
        List<(string Name, string Value)> settings = await market.RowsAsync(Settings, row => (row.GetString(0), row.GetString(1)));
        await using NpgsqlConnection session = await market.Replica.Owner.OpenConnectionAsync();
        await ExecuteAsync(session, """
            CREATE TEMP TABLE rentals AS SELECT * FROM public.rentals;
            UPDATE pg_temp.rentals SET slice_total = 1, status = 'Active', paid = 5;
            GRANT ALL ON pg_temp.rentals TO writer;
            SET ROLE writer
            """);
        int tried = 0;

        foreach ((string name, string value) in settings)
        {
            if (!await IsSettableAsync(session, name, value))
                continue;
            tried++;
            // Some settings have every plan compiled: on a busy machine that takes longer than the driver's 30 seconds.
            await using (var attempts = new NpgsqlCommand(Attempts, session) { CommandTimeout = 300 })
            {
                attempts.Parameters.Add(new NpgsqlParameter { Value = BrokenPromises.All.Select(one => Qualified(one.Sql)).ToArray() });
                await using NpgsqlDataReader rows = await attempts.ExecuteReaderAsync();
                List<string?> refusals = await rows.RowsAsync(row => row.IsDBNull(0) ? null : row.GetString(0), default);
                for (int index = 0; index < refusals.Count; index++)
                {
                    (string sql, string constraint) = BrokenPromises.All[index];
                    bool isReadOnly = name == "default_transaction_read_only"
                        && refusals[index]!.StartsWith(PostgresErrorCodes.ReadOnlySqlTransaction, StringComparison.Ordinal);
                    Assert.True(
                        isReadOnly || IsRefusedBy(refusals[index], constraint),
                        $"With {name} = '{value}'\n{sql}\nis refused by {refusals[index] ?? "nothing"}\ninstead of {constraint}");
                }
            }
            await ExecuteAsync(session, $"RESET {name}");
        }

        Assert.InRange(tried, 200, int.MaxValue);
        foreach (string forbidden in beyondRows)
        {
            PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(session, forbidden));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
        await ExecuteAsync(session, "RESET ROLE");
        await market.CheckAsync();
    }

    [Theory]
    [MemberData(nameof(ConstraintSessions.All), MemberType = typeof(ConstraintSessions))]
    public async Task A_wallet_never_goes_below_zero_and_nobody_can_invent_a_balance(string session)
    {
        AccountId account = await sessions.Market.AccountAsync();
        await using NpgsqlConnection connection = await sessions.OpenAsync(session);

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => PostAsync(connection, account, wallet: -5, cash: 5));
        Assert.Equal("wallets_never_negative", refusal.ConstraintName);

        if (session == ConstraintSessions.Application) // It has no right to the columns that a balance could be claimed in.
            await PostAsync(connection, account, wallet: 5, cash: -5);
        else
            await PostAsync(connection, account, wallet: 5, cash: -5, claimedBalance: 1_000_000);
        Assert.Equal(5L, await sessions.Market.ScalarAsync<long>("SELECT wallet_balance($1)", account.Value));
    }

    [Theory]
    [MemberData(nameof(ConstraintSessions.All), MemberType = typeof(ConstraintSessions))]
    public async Task Two_postings_that_continue_one_balance_are_not_both_written(string session)
    {
        AccountId account = await sessions.Market.AccountAsync("1");
        await using NpgsqlConnection first = await sessions.OpenAsync(session), other = await sessions.OpenAsync(session);
        await using NpgsqlTransaction open = await first.BeginTransactionAsync();
        await PostAsync(first, account, wallet: 1_000_000, cash: -1_000_000);

        Task second = PostAsync(other, account, wallet: 1_000_000, cash: -1_000_000);
        await Eventually.HoldsAsync(
            () => sessions.Market.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
            "the second posting waits for the first");
        await open.CommitAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => second);
        Assert.Equal("wallet_postings", refusal.ConstraintName);
    }

    /// <summary>A violated constraint, and the right one where it has a name.</summary>
    private static bool IsRefusedBy(string? refusal, string constraint) =>
        refusal is not null && refusal.StartsWith("23", StringComparison.Ordinal)
            && (constraint.Length == 0 || constraint.Split(',').Contains(refusal.Split(' ')[1]));

    /// <summary>Tables by their schema: a session's own tables hide ours otherwise, and the attempt would be on those.</summary>
    private static string Qualified(string sql) => System.Text.RegularExpressions.Regex.Replace(
        sql,
        @"\b(UPDATE|INTO|FROM|DELETE FROM|TRUNCATE|JOIN|USING) (nodes|slices|rentals|grids|slice_combinations|accounts|ledger_\w+|events|event_numbers|"
            + @"event_counter|idempotency_keys|farmer_twins|audit_entries|rental_\w+|reservations|payments|payment_\w+|withdrawals)\b",
        "$1 public.$2")
        .Replace("FROM public.rentals, ", "FROM public.rentals AS rentals, ", StringComparison.Ordinal)
        .Replace("NULL::rentals", "NULL::public.rentals", StringComparison.Ordinal)
        .Replace("NULL::reservations", "NULL::public.reservations", StringComparison.Ordinal);

    private static async Task<bool> IsSettableAsync(NpgsqlConnection session, string name, string value)
    {
        try
        {
            await ExecuteAsync(session, $"SET {name} = {(name == "search_path" && value.Length > 0 ? value : $"'{value}'")}");
            return true;
        }
        catch (PostgresException)
        {
            return false; // Not a value of it, or not for every session to change.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    /// <param name="connection">The session that writes.</param>
    /// <param name="account">The owner of the wallet.</param>
    /// <param name="wallet">What the wallet gains.</param>
    /// <param name="cash">What the other side of the posting gains.</param>
    /// <param name="claimedBalance">Written into columns that only a trigger fills.</param>
    private static async Task PostAsync(NpgsqlConnection connection, AccountId account, long wallet, long cash, long? claimedBalance = null)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.ThenAudit(new PrivilegedAct(Actor.Command, AuditAction.FundsDeposited, AuditSubject.Account, account.ToString(), account));
        var entry = Guid.CreateVersion7();
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("INSERT INTO ledger_entries (id, kind) VALUES ($1, 'Deposit')") { Parameters = { new() { Value = entry } } });
        var postings = new NpgsqlBatchCommand(
            claimedBalance is null
                ? "INSERT INTO ledger_postings (entry_id, account_id, amount) VALUES ($1, $2, $3), ($1, '00000000-0000-0000-0000-000000000001', $4)"
                : """
                  INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
                  VALUES ($1, $2, $3, 99, $5), ($1, '00000000-0000-0000-0000-000000000001', $4, NULL, NULL)
                  """)
        {
            Parameters = { new() { Value = entry }, new() { Value = account.Value }, new() { Value = wallet }, new() { Value = cash } },
        };
        if (claimedBalance is { } claimed)
            postings.Parameters.Add(new() { Value = claimed });
        batch.BatchCommands.Add(postings);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>A setting in the text of a statement or of a connection's options.</summary>
    [GeneratedRegex(@"(?:(?<=\$?"")SET (?:SESSION )?|\bSET LOCAL |-c )(?<name>[a-z_]+) ?= ?\S")]
    private static partial Regex SetStatement();
}
