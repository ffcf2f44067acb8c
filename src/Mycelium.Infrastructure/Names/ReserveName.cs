using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>Reserves a name that leads to a rental: <c>reserveName</c> in the schema.</summary>
public sealed class ReserveName(Transactions transactions, Provisioners provisioners, IOptions<NameOptions> options)
{
    private const string Operation = "reserveName";

    /// <param name="account">For whom.</param>
    /// <param name="grid">On which grid.</param>
    /// <param name="name">The name.</param>
    /// <param name="rentalId">One of the account's rentals there.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IReserveNameResult> Execute(
        AccountId account, string grid, string name, RentalId rentalId, IdempotencyKey key, CancellationToken cancellation)
    {
        if (!ReservedName.IsValid(name))
            return new InvalidName(name);
        if (!provisioners.Has(grid))
            return new GridHasNoProvisioner(grid);
        Intention intention = Intention.Of(account, Operation, key, grid, name, rentalId);
        try
        {
            return await transactions.RunAsync(connection => ReserveAsync(connection, intention, grid, name, rentalId, cancellation), cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (IsTaken(failure))
        {
            return new NameTaken(name, grid); // By another account at this moment.
        }
    }

    private static bool IsTaken(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "reserved_names_once" } => true,
        StoreUnavailableException { InnerException: { } inner } => IsTaken(inner),
        _ => false,
    };

    private async Task<IReserveNameResult> ReserveAsync(
        NpgsqlConnection connection, Intention intention, string grid, string name, RentalId rentalId, CancellationToken cancellation)
    {
        (Rental Rental, string Grid)? rental;
        await using (NpgsqlBatch first = connection.Send("BEGIN").ThenLockRentalAndGrid(intention.Account, rentalId))
        await using (NpgsqlDataReader reader = await first.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            rental = await reader.ReadRentalAndGridAsync(cancellation).ConfigureAwait(false);

        EarlierAnswer? earlier;
        List<ReservedName> same;
        bool owes, isTaken;
        long held;
        MicroUsd balance;
        DateTimeOffset now;
        await using (NpgsqlBatch second = new NpgsqlBatch(connection)
            .ThenLockWallets([intention.Account.Value])
            .ThenFind(intention)
            .Then(
                $"""
                SELECT {NameStatements.Columns} FROM reserved_names AS held
                WHERE id = (SELECT (answer ->> 'name_id')::uuid FROM idempotency_keys WHERE account_id = $1 AND operation = $2 AND key = $3)
                """, intention.Account.Value, intention.Operation, intention.Key.Value)
            .Then(
                """
                SELECT account_owes($1), EXISTS (SELECT FROM reserved_names WHERE grid = $2 AND name = $3 AND status <> 'Released'),
                       (SELECT count(*) FROM reserved_names WHERE account_id = $1 AND status <> 'Released'), wallet_balance($1), market_now()
                """, intention.Account.Value, grid, name))
        await using (NpgsqlDataReader reader = await second.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
            earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
            same = await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false);
            (owes, isTaken, held, balance, now) = (await reader.RowsAsync(
                row => (row.GetBoolean(0), row.GetBoolean(1), row.GetInt64(2), MicroUsd.From(row.GetInt64(3)), row.GetFieldValue<DateTimeOffset>(4)),
                cancellation).ConfigureAwait(false))[0];
        }
        if (earlier is { IsSame: false } || (earlier is not null && same.Count == 0))
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new NameReserved(same[0]);
        if (Refuse(rental, rentalId, grid, now) is { } refusal)
            return (IReserveNameResult)refusal;
        if (isTaken)
            return new NameTaken(name, grid);
        if (owes)
            return new AccountOwes();
        if (held >= options.Value.NamesMax)
            return new NameLimitReached(options.Value.NamesMax);
        MicroUsdPerHour price = options.Value.Price;
        if (balance < price * RentalHours.From(1))
            return new InsufficientFunds(balance, price * RentalHours.From(1));

        ReservedName reserved = ReservedName.Reserve(grid, name, rental!.Value.Rental, price, now);
        await new NpgsqlBatch(connection).ThenInsertName(reserved).ThenChargeName(reserved.Id, ReservedName.FirstCharge(price, now))
            .ThenRemember((intention, $$"""{"name_id": "{{reserved.Id}}"}"""))
            .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return new NameReserved(reserved);
    }

    /// <summary>Why a name cannot lead to a rental.</summary>
    /// <returns>A member of both unions.</returns>
    internal static object? Refuse((Rental Rental, string Grid)? found, RentalId id, string grid, DateTimeOffset now) => found switch
    {
        null => new RentalNotFound(id),
        ({ IsLive: false } rental, _) => new RentalAlreadyEnded(id, rental.EndedAt ?? now, rental.EndReason ?? RentalEndReason.TermEnded),
        (_, var its) when its != grid => new RentalOnOtherGrid(id, its),
        _ => null,
    };
}
