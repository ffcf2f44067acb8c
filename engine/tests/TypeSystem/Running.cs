using System.Buffers;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Tests.TypeSystem;

/// <summary>Runs operations and returns their responses as text.</summary>
internal static class Running
{
    public static ClaimsPrincipal SignedIn(params string[] roles) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada"), .. roles.Select(role => new Claim(ClaimTypes.Role, role))], "test"));

    public static async Task<string> RunAsync(this IServiceProvider services, string query, object? variables = null, ClaimsPrincipal? user = null)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var result = (OperationResult)await services.ExecuteAsync(scope.ServiceProvider, query, variables, user);
        using (result)
            return result.Text();
    }

    public static async Task<IReadOnlyList<string>> SubscribeAsync(this IServiceProvider services, string query, object? variables = null)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var responses = new List<string>();
        var stream = (ResponseStream)await services.ExecuteAsync(scope.ServiceProvider, query, variables, user: null);
        await foreach (OperationResult result in stream.ReadResultsAsync())
        {
            using (result)
                responses.Add(result.Text());
        }
        return responses;
    }

    private static ValueTask<ExecutionResult> ExecuteAsync(
        this IServiceProvider services, IServiceProvider scope, string query, object? variables, ClaimsPrincipal? user) =>
        services.GetRequiredService<IRequestExecutor>().ExecuteAsync(new GraphQLRequest
        {
            Query = query,
            Variables = variables is null ? default : JsonSerializer.SerializeToElement(variables),
            Services = scope,
            User = user ?? new ClaimsPrincipal(),
        });

    public static string Text(this OperationResult result)
    {
        var output = new ArrayBufferWriter<byte>();
        result.WriteTo(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
