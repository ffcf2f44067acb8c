namespace Mycelium.GraphQL.Accounts;

/// <summary>What an operator may run instead of a replica.</summary>
public static class HostCommands
{
    /// <returns>The exit code of the command that the arguments name; null when they name none.</returns>
    public static async Task<int?> RunHostCommandAsync(this string[] arguments) => arguments switch
    {
        _ when StandingCommand.Matches(arguments) => await StandingCommand.RunAsync(arguments),
        _ when CloseDemoAccountsCommand.Matches(arguments) => await CloseDemoAccountsCommand.RunAsync(arguments),
        _ when MakeCertificateCommand.Matches(arguments) => await MakeCertificateCommand.RunAsync(arguments),
        _ when RevokeOpenKeysCommand.Matches(arguments) => await RevokeOpenKeysCommand.RunAsync(arguments),
        _ => null,
    };
}
