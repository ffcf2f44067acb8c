using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Three accounts to try things with. Development only: their password is in the README.</summary>
public static class DemoAccounts
{
    public const string Password = "Demo-Mycelium-1";
    private static readonly MicroUsd deposit = MicroUsd.Parse("10000");

    /// <summary>Creates what is missing and returns the farmer. Fails when another replica creates the same at this moment; the next try finds it.</summary>
    public static async Task<AccountId> CreateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        UserManager<Account> accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Account renter = await CreateAsync(accounts, Roles.Renter);
        Account farmer = await CreateAsync(accounts, Roles.Farmer);
        await CreateAsync(accounts, Roles.Operator);
        await scope.ServiceProvider.GetRequiredService<DepositFunds>()
            .Execute(Actor.Command, new AccountId(renter.Id), deposit, IdempotencyKey.Parse("demo-deposit-1"), cancellation);
        return new AccountId(farmer.Id);
    }

    public static string Email(string role) => $"{role}@demo.mycelium";

    /// <summary>Replicas may do this at once: whoever comes second finds the account, and each makes sure of the role.</summary>
    private static async Task<Account> CreateAsync(UserManager<Account> accounts, string role)
    {
        string email = Email(role);
        Account? account = await accounts.FindByEmailAsync(email);
        if (account is null)
        {
            account = new Account { UserName = email, Email = email, EmailConfirmed = true };
            Check(await accounts.CreateAsync(account, Password));
        }
        if (role != Roles.Farmer && !await accounts.IsInRoleAsync(account, role)) // A farmer is one by a twin, which DemoMarket links.
            Check(await accounts.AddToRoleAsync(account, role));
        return account;
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join("; ", result.Errors.Select(error => error.Description)));
    }
}
