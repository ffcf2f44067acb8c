using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// Enforces the deadline of requests. Requests to <c>/account</c> are cancelled here; the engine cancels GraphQL operations, because a
/// socket or stream is one request that may last for days. A GraphQL request that cannot be authenticated because PostgreSQL is unavailable
/// gets a GraphQL error.
/// </summary>
public static class Deadline
{
    public static void UseDeadline(this WebApplication app)
    {
        TimeProvider clock = app.Services.GetRequiredService<TimeProvider>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/account"),
            branch => branch.Use(next => context => CancelAsync(context, next, clock)));
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/graphql"),
            branch => branch.Use(next => context => RefuseAsync(context, next)));
    }

    private static async Task CancelAsync(HttpContext context, RequestDelegate next, TimeProvider clock)
    {
        CancellationToken client = context.RequestAborted;
        using var deadline = new CancellationTokenSource(Limits.ExecutionTimeout, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(client, deadline.Token);
        context.RequestAborted = ended.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !client.IsCancellationRequested)
        {
            throw new StoreUnavailableException("The request ran out of time.", isRetryable: true, late);
        }
        finally
        {
            context.RequestAborted = client;
        }
    }

    private static async Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (StoreUnavailableException) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            var error = new { message = StoreErrors.Message, extensions = new { code = ErrorCodes.Unavailable, retryable = true } };
            await context.Response.WriteAsJsonAsync(new { errors = new[] { error } }, JsonSerializerOptions.Web, context.RequestAborted);
        }
    }
}
