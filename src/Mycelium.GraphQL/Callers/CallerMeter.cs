using System.Globalization;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Redis;

namespace Mycelium.GraphQL.Callers;

/// <summary>
/// Charges each account, and each address of anonymous callers, for their requests, in points per minute. A request without a transport
/// comes from the service itself and is not charged. Over HTTP every response reports what is left, in the headers of
/// draft-ietf-httpapi-ratelimit-headers.
/// </summary>
public sealed class CallerMeter(IOptions<RateLimitSettings> settings, TimeProvider clock, PointLender? lender = null) : IRequestMeter
{
    private readonly RateLimitSettings limits = settings.Value;
    private readonly RecentlyUsed<string, CallerBudget> budgets = new(Limits.CallersRememberedMax);

    /// <summary>
    /// The points of an operation: its field cost, plus a tenth of the number of objects that it may return. A statement costs 10 points,
    /// and an object in its result a tenth of a point.
    /// </summary>
    internal static int PointsOf(OperationCost cost) => (int)Math.Clamp(Math.Ceiling(cost.FieldCost + cost.TypeCost / 10), 1, int.MaxValue);

    public ValueTask ChargeAsync(GraphQLRequest request, RequestCharge charge, CancellationToken cancellation)
    {
        var http = request.TransportContext as HttpContext;
        AccountId? account = request.User.AccountId();
        int perMinute = account is null ? limits.AnonymousPoints : limits.PointsOf(request.User);
        if (http is null || perMinute <= 0)
            return default;

        CallerBudget budget = BudgetOf(http, account);
        // By default the most expensive operation that a role may run fits into a minute's points. If an operator has set fewer, it takes all of them.
        int points = Math.Min(perMinute, charge.Kind switch
        {
            RequestChargeKind.Document => Limits.DocumentPoints,
            RequestChargeKind.Refusal => Limits.RefusalPoints,
            _ => PointsOf(charge.Cost),
        });
        bool isSpent = budget.TrySpend(points, perMinute, out int left);
        if (isSpent)
            WriteHeaders(request, http, perMinute, left);
        return isSpent ? default : BorrowAsync(budget, request, http, points, perMinute, cancellation);
    }

    /// <summary>Charges a request that is no GraphQL.</summary>
    /// <returns>Null if its points were spent; otherwise the time until there are enough.</returns>
    public async ValueTask<TimeSpan?> TryChargeAsync(HttpContext http, int points, CancellationToken cancellation)
    {
        AccountId? account = http.User.AccountId();
        int perMinute = account is null ? limits.AnonymousPoints : limits.PointsOf(http.User);
        if (perMinute <= 0)
            return null;
        CallerBudget budget = BudgetOf(http, account);
        points = Math.Min(points, perMinute);
        return budget.TrySpend(points, perMinute, out _) ? null : await budget.BorrowAndSpendAsync(points, perMinute, cancellation);
    }

    private CallerBudget BudgetOf(HttpContext http, AccountId? account)
    {
        string caller = account is { } known ? $"account:{known.Value:N}" : $"address:{CallerAddress.Of(http.Connection.RemoteIpAddress)}";
        return budgets.GetOrAdd(caller, key => new CallerBudget(key, lender, clock));
    }

    private static async ValueTask BorrowAsync(
        CallerBudget budget, GraphQLRequest request, HttpContext http, int points, int perMinute, CancellationToken cancellation)
    {
        if (await budget.BorrowAndSpendAsync(points, perMinute, cancellation) is not { } wait)
        {
            budget.TrySpend(0, perMinute, out int left);
            WriteHeaders(request, http, perMinute, left);
            return;
        }
        int seconds = (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, PointBucket.Window.TotalSeconds);
        WriteHeaders(request, http, perMinute, left: 0, retryAfter: seconds);
        throw new GraphQLException(new GraphQLError(
            $"You have used your {perMinute} points per minute; this request needs {points}. Try again in {seconds} s.", ErrorCodes.RateLimited)
        {
            Extensions = new Dictionary<string, object?>
            {
                ["limit"] = "pointsPerMinute",
                ["max"] = perMinute,
                ["points"] = points,
                ["retryAfterSeconds"] = seconds,
            },
        });
    }

    /// <summary>
    /// Does nothing on a socket, whose headers have already been sent, or for a batch, whose entries are charged concurrently and report
    /// refusals themselves.
    /// </summary>
    private static void WriteHeaders(GraphQLRequest request, HttpContext http, int perMinute, int left, int? retryAfter = null)
    {
        HttpResponse response = http.Response;
        if (request.CostBudget is not null || response.HasStarted)
            return;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            // A response that shared caches may store must not contain one caller's numbers.
            response.OnStarting(static state =>
            {
                var headers = (IHeaderDictionary)state;
                if (headers.CacheControl is [{ } control, ..] && control.StartsWith("public", StringComparison.Ordinal))
                {
                    headers.Remove(PolicyHeader);
                    headers.Remove(LimitHeader);
                }
                return Task.CompletedTask;
            }, response.Headers);
        }
        int fullIn = (int)Math.Ceiling(PointBucket.Window.TotalSeconds * (perMinute - left) / perMinute);
        response.Headers[PolicyHeader] = string.Create(CultureInfo.InvariantCulture, $"\"points\";q={perMinute};w=60");
        response.Headers[LimitHeader] = string.Create(CultureInfo.InvariantCulture, $"\"points\";r={left};t={fullIn}");
        if (retryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private const string PolicyHeader = "RateLimit-Policy";
    private const string LimitHeader = "RateLimit";
}
