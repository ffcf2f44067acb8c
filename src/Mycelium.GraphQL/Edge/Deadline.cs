using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// Ends requests in time. Those of <c>/account</c> are cancelled here; the engine does it for each GraphQL operation, since a socket or a stream is one request for days.
/// A GraphQL request that cannot even be authenticated, because PostgreSQL is not there, is refused as GraphQL clients expect it.
/// </summary>
public static class Deadline
{
    public static void UseDeadline(this WebApplication app)
    {
        TimeProvider clock = app.Services.GetRequiredService<TimeProvider>();
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/account"), branch => branch.Use(next => context => CancelAsync(context, next, clock)));
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/graphql"), branch => branch.Use(next => context => RefuseAsync(context, next)));
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
