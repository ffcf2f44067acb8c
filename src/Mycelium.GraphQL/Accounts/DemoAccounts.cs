using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Three accounts for trying things out. Development only: their password is in the README.</summary>
public static class DemoAccounts
{
    public const string Password = "Demo-Mycelium-1";
    private static readonly MicroUsd deposit = MicroUsd.Parse("10000");

    /// <summary>
    /// Creates the missing accounts and returns the farmer. Fails if another replica creates them at the same time; the next attempt
    /// succeeds.
    /// </summary>
    public static async Task<AccountId> CreateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        UserManager<Account> accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Account renter = await CreateAsync(accounts, Roles.Renter);
        Account farmer = await CreateAsync(accounts, Roles.Farmer); // A linked twin makes an account a farmer; OpenDemoMarket links it.
        Account anOperator = await CreateAsync(accounts, Roles.Operator);
        await scope.ServiceProvider.GetRequiredService<ChangeStanding>()
            .Execute(Actor.Command, StandingChange.GrantOperator, anOperator.NormalizedUserName!, cancellation);
        await scope.ServiceProvider.GetRequiredService<DepositFunds>()
            .Execute(Actor.Command, new AccountId(renter.Id), deposit, IdempotencyKey.Parse("demo-deposit-1"), cancellation);
        return new AccountId(farmer.Id);
    }

    public static string Email(string role) => $"{role}@demo.mycelium";

    /// <summary>Replicas may do this at the same time: the second one finds the account.</summary>
    private static async Task<Account> CreateAsync(UserManager<Account> accounts, string role)
    {
        string email = Email(role);
        Account? account = await accounts.FindByEmailAsync(email);
        if (account is not null)
            return account;
        account = new Account { UserName = email, Email = email, EmailConfirmed = true };
        IdentityResult created = await accounts.CreateAsync(account, Password);
        return created.Succeeded
            ? account
            : throw new InvalidOperationException(string.Join("; ", created.Errors.Select(error => error.Description)));
    }
}
