using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Audit;

/// <summary>Who acts with privilege: an account, or one of those that have none. <c>default</c> is <see cref="Command"/>.</summary>
public readonly record struct Actor
{
    private Actor(ActorKind kind, AccountId? account) => (Kind, Account) = (kind, account);

    public ActorKind Kind { get; }

    /// <summary>Set for <see cref="ActorKind.Account"/> alone.</summary>
    public AccountId? Account { get; }

    /// <summary>A command of the host, such as <c>grant-operator</c>, or the demo of Development: whoever runs it has the database.</summary>
    public static Actor Command => default;

    /// <summary>What a grid says, taken over by a pass.</summary>
    public static Actor Grid => new(ActorKind.Grid, null);

    public static Actor Of(AccountId account) => new(ActorKind.Account, account);
}

/// <summary>What kind of actor it is.</summary>
public enum ActorKind
{
    /// <summary>A command of the host, run on the server.</summary>
    Command,

    /// <summary>A signed-in account.</summary>
    Account,

    /// <summary>A grid.</summary>
    Grid,
}
