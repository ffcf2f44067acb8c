using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>Connections that ended while they waited in the pool, or with the answer to a commit.</summary>
public sealed class DeadConnectionTests
{
    [Fact]
    public async Task The_first_request_after_all_connections_of_the_pool_died_is_answered()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await market.RentedAsync(market.Request(renter, node));

        await KillAsync(market, market.Replica.Get<KeyedSource>().Connections);
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, node)));
        await KillAsync(market, market.Replica.Database);
        Assert.IsType<RentalCancelled>(await market.CancelAsync(rental));
        await KillAsync(market, market.Replica.Database);
        Assert.IsType<NodeUnpublished>(await market.Replica.Get<UnpublishNode>().Execute(market.Farmer, node, default));
        await KillAsync(market, market.Replica.Database);
        Assert.True((await market.BalanceAsync(renter)).Value > 0);
        await KillAsync(market, market.Replica.Database);
        Assert.Equal(2, (await market.Replica.Get<EventSnapshots>().ReadAsync((db, cancellation) => db.Rentals.CountAsync(cancellation), default)).State);
        await KillAsync(market, market.Replica.Database);
        await using (MyceliumDb db = market.Replica.Read())
            Assert.Equal(node, (await db.GridNodes.SingleAsync()).Id);
        await market.CheckAsync();
    }

    [Fact]
    public async Task After_a_restart_of_the_server_simultaneous_callers_are_all_answered()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true);
        await using var replica = new Replica(await server.CreateDatabaseAsync());
        await replica.Get<PostgresMigrator>().MigrateAsync();
        var account = new Account();
        await using (MyceliumDb db = replica.Read())
        {
            db.Add(account);
            await db.SaveChangesAsync();
        }
        await FillAsync(replica.Database);

        await server.KillAsync();
        await server.StartProcessAsync();
        IDepositFundsResult[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => replica.Get<DepositFunds>().Execute(
            Actor.Command, new AccountId(account.Id), MicroUsd.Parse("1"), IdempotencyKey.Parse($"payment-{number}"), default)));

        Assert.All(answers, answer => Assert.IsType<FundsDeposited>(answer));
        Assert.Equal(MicroUsd.Parse("8"), await replica.Get<WalletReader>().BalanceAsync(new AccountId(account.Id), default));
    }

    /// <summary>Otherwise the gate would close although the server is available, and callers would be refused until the next probe.</summary>
    [Fact]
    public async Task A_server_that_was_restarted_between_two_questions_of_the_probe_is_there()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true);
        await using var replica = new Replica(await server.CreateDatabaseAsync());
        await replica.Get<PostgresMigrator>().MigrateAsync();
        StoreProbe probe = replica.Get<StoreProbe>();
        Assert.True(await probe.CheckAsync(default));

        await server.KillAsync();
        Assert.False(await probe.CheckAsync(default));
        await server.StartProcessAsync();
        Assert.True(await probe.CheckAsync(default));
        await server.KillAsync();
        await server.StartProcessAsync();

        Assert.True(await probe.CheckAsync(default));
    }

    [Fact]
    public async Task When_the_answer_to_a_commit_is_lost_the_key_finds_out_and_nothing_is_done_twice()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await using var way = new LostAnswers(PostgresServer.AsApplication(market.ConnectionString));
        Replica far = market.AddReplica(settings: [new("Postgres:ConnectionString", way.ConnectionString)]);
        NodeId node = await market.PublishAsync(slices: 4);
        AccountId renter = await market.AccountAsync("10");

        way.Arm();
        FundsDeposited deposited = Assert.IsType<FundsDeposited>(
            await far.Get<DepositFunds>().Execute(Actor.Command, renter, MicroUsd.Parse("5"), market.NewKey(), default));
        way.Arm();
        SlicesRented rented = Assert.IsType<SlicesRented>(await far.Get<AllocationDesk>().RentAsync(market.Request(renter, node), default));

        Assert.False(way.IsArmed);
        Assert.Equal(MicroUsd.Parse("15"), deposited.Balance);
        Assert.Equal(deposited.Balance.Value - rented.Rental.Paid.Value, (await market.BalanceAsync(renter)).Value);
        Assert.Equal(3, await market.ScalarAsync<int>("SELECT free_slices FROM nodes"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task When_the_response_to_a_commit_without_a_key_is_lost_the_caller_learns_that_the_outcome_is_unknown()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await using var way = new LostAnswers(PostgresServer.AsApplication(market.ConnectionString));
        Replica far = market.AddReplica(settings: [new("Postgres:ConnectionString", way.ConnectionString)]);
        NodeId node = await market.PublishAsync();

        way.Arm();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => far.Get<UnpublishNode>().Execute(market.Farmer, node, default));

        Assert.False(way.IsArmed);
        Assert.IsType<NodeNotPublished>(await far.Get<UnpublishNode>().Execute(market.Farmer, node, default));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 1)]
    public async Task A_process_that_was_suspended_for_longer_than_a_transaction_may_be_idle_does_nothing_more(int ticksBeyond, int timesDone)
    {
        var clock = new TestClock();
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica replica = market.AddReplica(services => services.AddSingleton<TimeProvider>(clock));
        TimeSpan idle = replica.Get<IOptions<PostgresOptions>>().Value.IdleInTransactionTimeout;
        int times = 0;

        Task<int> running = replica.Get<Transactions>().RunAsync(
            async connection =>
            {
                if (++times == 1)
                {
                    await market.ScalarAsync<bool>("SELECT pg_terminate_backend($1, 5000)", connection.ProcessID);
                    clock.Advance(idle + TimeSpan.FromTicks(ticksBeyond));
                }
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                return (int)(await command.ExecuteScalarAsync())!;
            },
            default);

        Assert.Equal(timesDone == 2, await running.ContinueWith(done => done.IsCompletedSuccessfully, TaskScheduler.Default));
        Assert.Equal(timesDone, times);
    }

    /// <summary>Several connections wait in the pool, and their backends end.</summary>
    private static async Task KillAsync(TestMarket market, NpgsqlDataSource pool)
    {
        await FillAsync(pool);
        await using var database = NpgsqlDataSource.Create(market.ConnectionString);
        await using NpgsqlCommand kill = database.CreateCommand(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1");
        kill.Parameters.Add(new NpgsqlParameter { Value = new NpgsqlConnectionStringBuilder(pool.ConnectionString).ApplicationName });
        Assert.True((long)(await kill.ExecuteScalarAsync())! >= 4);
    }

    private static async Task FillAsync(NpgsqlDataSource pool)
    {
        NpgsqlConnection[] together = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await pool.OpenConnectionAsync()));
        foreach (NpgsqlConnection connection in together)
            await connection.DisposeAsync();
    }
}
