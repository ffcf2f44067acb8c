using Microsoft.AspNetCore.Identity;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>A person who signed up. Its id is the <see cref="Domain.Accounts.AccountId"/> of the domain; its wallet is opened with it.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public Account() => Id = Guid.NewGuid();
}
