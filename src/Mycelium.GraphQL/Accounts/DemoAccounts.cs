using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Three accounts to try things with. Development only: their password is in the README.</summary>
public static class DemoAccounts
{
    public const string Password = "Demo-Mycelium-1";
    private static readonly MicroUsd deposit = MicroUsd.Parse("10000");

    /// <summary>Creates what is missing and returns the farmer.</summary>
    public static async Task<AccountId> CreateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        UserManager<Account> accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Account renter = await CreateAsync(accounts, Roles.Renter);
        Account farmer = await CreateAsync(accounts, Roles.Farmer);
        await CreateAsync(accounts, Roles.Operator);
        await scope.ServiceProvider.GetRequiredService<DepositFunds>()
            .Execute(new AccountId(renter.Id), deposit, IdempotencyKey.Parse("demo-deposit-1"), cancellation);
        return new AccountId(farmer.Id);
    }

    public static string Email(string role) => $"{role}@demo.mycelium";

    private static async Task<Account> CreateAsync(UserManager<Account> accounts, string role)
    {
        string email = Email(role);
        if (await accounts.FindByEmailAsync(email) is { } existing)
            return existing;

        var account = new Account { UserName = email, Email = email, EmailConfirmed = true };
        IdentityResult created = await accounts.CreateAsync(account, Password);
        if (created.Succeeded && role != Roles.Farmer) // A farmer is one by a twin, which DemoMarket links.
            created = await accounts.AddToRoleAsync(account, role);
        return created.Succeeded
            ? account
            : await accounts.FindByEmailAsync(email) // Another replica was quicker.
                ?? throw new InvalidOperationException(string.Join("; ", created.Errors.Select(error => error.Description)));
    }
}
