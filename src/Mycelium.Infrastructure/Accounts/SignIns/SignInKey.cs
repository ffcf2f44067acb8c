using Mycelium.Domain.Accounts;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>One sign-in of one account, which a token belongs to.</summary>
/// <param name="Account">The account that signed in.</param>
/// <param name="SignIn">Empty for an access token of the release before, which had no sign-ins.</param>
public readonly record struct SignInKey(AccountId Account, Guid SignIn);
