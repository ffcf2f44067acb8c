using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Billing;

[QueryType]
public static class ReconciliationQuery
{
    /// <summary>
    /// Where all money is: once from the ledger's postings, and once from rentals, payments and withdrawals. The difference is zero, or something is broken.
    /// It reads the whole ledger; the metric <c>mycelium_ledger_difference</c> has the result of every hour. For operators.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [Cost(1_000)] // Every posting is read.
    public static Task<Reconciliation> GetReconciliation(Reconcile reconcile, CancellationToken cancellation) => reconcile.Execute(cancellation);
}
