using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>close-demo-accounts</c>: for a database that was once started in Development. The service does not start elsewhere while the accounts of the README can sign in. It needs no more than
/// the database, starts no server and migrates nothing.
/// </summary>
public static class CloseDemoAccountsCommand
{
    public static bool IsMeant(string[] arguments) => arguments is ["close-demo-accounts", ..];

    /// <returns>The exit code: 0 when no demo account can sign in any more.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > 1)
            return await HostCommand.FailAsync(HostCommand.WrongUse, "Usage: close-demo-accounts, with the settings of a replica and nothing else.");
        return await HostCommand.RunAsync(async services =>
        {
            int count = await services.GetRequiredService<CloseDemoAccounts>().Execute(Actor.Command, CancellationToken.None);
            return await HostCommand.SayAsync(count == 0
                ? "No demo account had a password. Nothing was done."
                : $"{count} demo accounts have no password, no role and no session any more. Their rentals stay.");
        });
    }
}
