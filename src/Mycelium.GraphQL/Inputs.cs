using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

/// <summary>Inputs of which the form itself is wrong: a mistake of the client's program, not something a person could run into, so an error rather than a refusal.</summary>
public static class Inputs
{
    /// <exception cref="GraphQLException">The text is no key.</exception>
    public static Domain.Accounts.IdempotencyKey IdempotencyKey(string text) =>
        Domain.Accounts.IdempotencyKey.TryParse(text, out Domain.Accounts.IdempotencyKey? key)
            ? key
            : throw new GraphQLException("input.idempotencyKey is 8 to 64 visible ASCII characters without spaces, such as a UUID.", ErrorCodes.BadUserInput);
}
