using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>grant-operator</c>, <c>revoke-operator</c>, <c>lock-account</c>, <c>unlock-account</c> and <c>remove-second-factor</c>, each with an
/// e-mail address. They are for whoever runs the service, and each adds an entry to the audit trail. This is the only way to create the
/// first operator of a new market.
/// </summary>
public static class StandingCommand
{
    public const int NoSuchAccount = 1;

    private static readonly Dictionary<string, (StandingChange Change, string Done, string Was)> commands = new()
    {
        ["grant-operator"] = (
            StandingChange.GrantOperator,
            "is now an operator. The role takes effect within a second, also with the account's current token.",
            "is already an operator."),
        ["revoke-operator"] = (
            StandingChange.RevokeOperator,
            "is no longer an operator. The role ends at every replica within five seconds, whatever the account's tokens say.",
            "is not an operator."),
        ["lock-account"] = (
            StandingChange.Lock,
            "is locked. Its tokens, sockets and streams end at every replica within five seconds.",
            "is already locked."),
        ["unlock-account"] = (StandingChange.Unlock, "can sign in again.", "is not locked."),
        ["remove-second-factor"] = (
            StandingChange.RemoveSecondFactor,
            "now signs in with its password alone. Its tokens end at every replica within five seconds.",
            "has no second factor."),
    };

    public static bool Matches(string[] arguments) => arguments is [var command, ..] && commands.ContainsKey(command);

    /// <returns>The exit code: 0 if the account is now in the requested state.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var command, { Length: > 0 } email])
            return await HostCommand.FailAsync(HostCommand.WrongUse, $"Usage: {arguments[0]} EMAIL, the address that the account signs in with.");
        (StandingChange change, string done, string was) = commands[command];
        return await HostCommand.RunAsync(async services =>
        {
            string name = new UpperInvariantLookupNormalizer().NormalizeName(email);
            return await services.GetRequiredService<ChangeStanding>().Execute(Actor.Command, change, name, CancellationToken.None) switch
            {
                true => await HostCommand.SayAsync($"{email} {done}"),
                false => await HostCommand.SayAsync($"{email} {was} Nothing was done."),
                null => await HostCommand.FailAsync(NoSuchAccount, $"No account signs in with {email}. People sign up at /account/register. Nothing was done."),
            };
        });
    }
}
