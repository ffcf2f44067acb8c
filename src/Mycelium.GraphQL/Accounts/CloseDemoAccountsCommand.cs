using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>close-demo-accounts</c>: for a database that was once used in Development. Outside Development the service does not start while the
/// accounts of the README can sign in. The command needs only the database; it starts no server and runs no migration.
/// </summary>
public static class CloseDemoAccountsCommand
{
    public static bool Matches(string[] arguments) => arguments is ["close-demo-accounts", ..];

    /// <returns>The exit code: 0 if no demo account can sign in.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > 1)
            return await HostCommand.FailAsync(HostCommand.WrongUse, "Usage: close-demo-accounts, without arguments and with the settings of a replica.");
        return await HostCommand.RunAsync(async services =>
        {
            int count = await services.GetRequiredService<CloseDemoAccounts>().Execute(Actor.Command, CancellationToken.None);
            return await HostCommand.SayAsync(count == 0
                ? "No demo account had a password. Nothing was done."
                : $"{count} demo accounts were closed: they have no password, role or session. Their rentals stay.");
        });
    }
}
