using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>Accounts with full wallets, one per caller, as in real life, because rentals of one wallet are serialized.</summary>
internal static class Renters
{
    private const int AtOnce = 4;

    /// <summary>A million dollars each, booked as an operator's deposit would be.</summary>
    private const string Deposits = """
        WITH wallet AS (SELECT id, gen_random_uuid() AS entry_id FROM accounts WHERE email LIKE 'renter-%@bench.mycelium'),
             entry AS (INSERT INTO ledger_entries (id, kind) SELECT entry_id, 'Deposit' FROM wallet)
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT entry_id, id, 1000000000000 FROM wallet
        UNION ALL SELECT entry_id, '00000000-0000-0000-0000-000000000001', -1000000000000 FROM wallet
        """;

    /// <summary>The access tokens of the accounts.</summary>
    public static async Task<string[]> CreateAsync(BenchServers servers, int count)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(servers.ConnectionString);
        var tokens = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) =>
        {
            string email = FormattableString.Invariant($"renter-{index}@bench.mycelium");
            await Accounts.CreateAsync(servers.Api, database, email);
            tokens[index] = await Accounts.LogInAsync(servers.Api, email);
        });
        await database.RunAsync(Deposits);
        return tokens;
    }
}
