using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Billing;

/// <summary>What is going to happen to wallets, read once for all fields that ask for it.</summary>
public sealed class WalletOutlookDataLoader(WalletReader wallets) : BatchDataLoader<AccountId, WalletOutlook>
{
    protected override Task<IReadOnlyDictionary<AccountId, WalletOutlook>> LoadBatchAsync(IReadOnlyList<AccountId> keys, CancellationToken cancellation) =>
        wallets.OutlooksAsync(keys, cancellation);
}
