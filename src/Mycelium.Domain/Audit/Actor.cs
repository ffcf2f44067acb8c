using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Audit;

/// <summary>Who performed a privileged action: an account, a command of the host, or a grid. <c>default</c> is <see cref="Command"/>.</summary>
public readonly record struct Actor
{
    private Actor(ActorKind kind, AccountId? account) => (Kind, Account) = (kind, account);

    public ActorKind Kind { get; }

    /// <summary>Set only for <see cref="ActorKind.Account"/>.</summary>
    public AccountId? Account { get; }

    /// <summary>
    /// A command of the host, such as <c>grant-operator</c>, or the demo data of Development. Whoever runs it has access to the database
    /// anyway.
    /// </summary>
    public static Actor Command => default;

    /// <summary>A pass that applied what its grid reported.</summary>
    public static Actor Grid => new(ActorKind.Grid, null);

    public static Actor Of(AccountId account) => new(ActorKind.Account, account);
}

/// <summary>The kinds of actor.</summary>
public enum ActorKind
{
    /// <summary>A command of the host, run on the server.</summary>
    Command,

    /// <summary>A signed-in account.</summary>
    Account,

    /// <summary>A grid.</summary>
    Grid,
}
