using System.Globalization;
using System.Threading.RateLimiting;
using Mycelium.GraphQL.Edge;

namespace Mycelium.GraphQL.Accounts;

/// <summary>How often one address may call <c>/account</c>: hashing a password is expensive by intent, and guessing one must be.</summary>
internal static class AccountLimit
{
    public const string Policy = "account";

    public static void AddAccountLimit(this WebApplicationBuilder builder)
    {
        // In Development everybody comes from one address, and tests sign up by the hundred.
        int attempts = builder.Environment.IsDevelopment()
            ? int.MaxValue
            : (builder.Configuration.GetSection(AccountSettings.Section).Get<AccountSettings>() ?? new AccountSettings()).CallsPerMinute;
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return new ValueTask(TypedResults.Problem(
                    statusCode: StatusCodes.Status429TooManyRequests,
                    extensions: new Dictionary<string, object?> { ["limit"] = "accountCalls", ["max"] = attempts })
                    .ExecuteAsync(rejected.HttpContext));
            };
            limiter.AddPolicy(Policy, context => RateLimitPartition.GetFixedWindowLimiter(
                CallerAddress.Of(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = TimeSpan.FromMinutes(1) }));
        });
    }
}
