using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary><c>grant-operator EMAIL</c>: makes an account an operator, for the first one of a new market, whom nobody could make one otherwise.</summary>
public static class GrantOperatorCommand
{
    public const int Done = HostCommand.Done;
    public const int NoSuchAccount = 1;
    public const int WrongUse = HostCommand.WrongUse;
    public const int NoDatabase = HostCommand.NoDatabase;

    public static bool IsMeant(string[] arguments) => arguments is ["grant-operator", ..];

    /// <returns>The exit code: 0 when the account is an operator now.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_, { Length: > 0 } email])
            return await HostCommand.FailAsync(WrongUse, "Usage: grant-operator EMAIL, the address that the account signs in with.");
        return await HostCommand.RunAsync(async services =>
        {
            string name = new UpperInvariantLookupNormalizer().NormalizeName(email);
            return await ReportAsync(email, await services.GetRequiredService<GrantOperator>().Execute(Actor.Command, name, CancellationToken.None));
        });
    }

    private static Task<int> ReportAsync(string email, GrantOperator.Outcome outcome) => outcome switch
    {
        GrantOperator.Outcome.Granted => HostCommand.SayAsync($"{email} is an operator now. The role counts within a second, with the token that the account has."),
        GrantOperator.Outcome.WasOperator => HostCommand.SayAsync($"{email} is an operator already. Nothing was done."),
        _ => HostCommand.FailAsync(NoSuchAccount, $"No account signs in with {email}. Sign up first, at /account/register. Nothing was done."),
    };
}
