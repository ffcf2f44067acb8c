using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Npgsql;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>grant-operator EMAIL</c>: makes an account an operator, for the first one of a new market, whom nobody could make one otherwise. It needs no more than the
/// database, starts no server and migrates nothing.
/// </summary>
public static class GrantOperatorCommand
{
    public const int Done = 0;
    public const int NoSuchAccount = 1;
    public const int WrongUse = 2;
    public const int NoDatabase = 3;

    public static bool IsMeant(string[] arguments) => arguments is ["grant-operator", ..];

    /// <returns>The exit code: 0 when the account is an operator now.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_, { Length: > 0 } email])
            return await FailAsync(WrongUse, "Usage: grant-operator EMAIL, the address that the account signs in with.");
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders(); // What there is to say is said in one sentence.
            builder.Services.AddMyceliumInfrastructure(builder.Configuration);
            await using ServiceProvider services = builder.Services.BuildServiceProvider();
            string name = new UpperInvariantLookupNormalizer().NormalizeName(email);
            return await ReportAsync(email, await services.GetRequiredService<GrantOperator>().Execute(Actor.Command, name, CancellationToken.None));
        }
        catch (StoreUnavailableException unavailable)
        {
            return await FailAsync(NoDatabase, $"The database of Postgres:ConnectionString does not answer: {unavailable.GetBaseException().Message}");
        }
        catch (ArgumentException wrong) // What the driver makes of a text that is no connection string.
        {
            return await FailAsync(NoDatabase, $"Postgres:ConnectionString cannot be read: {wrong.Message}");
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return await FailAsync(NoDatabase, "The database has no tables yet: start a replica, then sign up at /account/register.");
        }
    }

    private static Task<int> ReportAsync(string email, GrantOperator.Outcome outcome) => outcome switch
    {
        GrantOperator.Outcome.Granted => SayAsync($"{email} is an operator now. The role counts within a second, with the token that the account has."),
        GrantOperator.Outcome.WasOperator => SayAsync($"{email} is an operator already. Nothing was done."),
        _ => FailAsync(NoSuchAccount, $"No account signs in with {email}. Sign up first, at /account/register. Nothing was done."),
    };

    private static async Task<int> SayAsync(string sentence)
    {
        await Console.Out.WriteLineAsync(sentence);
        return Done;
    }

    private static async Task<int> FailAsync(int exitCode, string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return exitCode;
    }
}
