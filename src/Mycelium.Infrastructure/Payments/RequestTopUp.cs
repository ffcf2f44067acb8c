using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Payments;

/// <summary>Says where an account pays. Nothing is stored: the provider's event brings the money.</summary>
public sealed class RequestTopUp(TopUpPolicy policy, IEnumerable<ICheckout> checkouts)
{
    public async Task<ITopUpRequestResult> Execute(AccountId account, MicroUsd amount, CancellationToken cancellation)
    {
        if (policy.Refuse(amount) is { } refusal)
            return refusal;
        if (checkouts.FirstOrDefault() is not { } checkout)
            return new PaymentsUnavailable(IsRetryable: false);
        return await checkout.OpenAsync(account, amount, cancellation).ConfigureAwait(false) is { } address
            ? new TopUpRequested(address.AbsoluteUri, amount)
            : new PaymentsUnavailable(IsRetryable: true);
    }
}
