using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Partners;

/// <summary>Creates partners and sends requests by document id.</summary>
internal static class Partnership
{
    public const string Registered =
        "... on OperationsRegistered { documents { documentId byteCount } } ... on OperationsInvalid { faults { documentIndex errorCode line column } }";

    /// <summary>Creates an account that an operator has made a partner, with a token that contains the role.</summary>
    public static async Task<Api> PartnerAsync(this ApiHost host)
    {
        string email = host.NewEmail();
        using HttpResponseMessage registered = await host.Anyone.PostAsync("/account/register", new { email, password = ApiHost.Password });
        Api before = await SignInAsync(host, email);
        Refusal.AssertNone("PartnerGranted", await host.Operator.MutateAsync("grantPartner", new { accountId = await ApiHost.GlobalIdAsync(before) }));
        return await SignInAsync(host, email);
    }

    public static async Task<string[]> RegisterAsync(this Api partner, string key, params string[] documents)
    {
        JsonElement answer = await partner.MutateAsync("registerOperations", new { documents, idempotencyKey = key }, Registered);
        return [.. Refusal.AssertNone("OperationsRegistered", answer).GetProperty("documents").EnumerateArray()
            .Select(document => document.GetProperty("documentId").GetString()!)];
    }

    /// <summary>Returns the response to a request without document text.</summary>
    public static async Task<JsonElement> RunAsync(this Api caller, string documentId, object? variables = null, Uri? at = null)
    {
        using var http = new HttpClient { BaseAddress = at ?? caller.Address };
        http.DefaultRequestHeaders.Authorization = caller.Token is null ? null : new AuthenticationHeaderValue("Bearer", caller.Token);
        using HttpResponseMessage response = await http.PostAsJsonAsync("/graphql", new { documentId, variables });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static string? Code(this JsonElement answer) =>
        answer.TryGetProperty("errors", out JsonElement errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;

    private static async Task<Api> SignInAsync(ApiHost host, string email)
    {
        using HttpResponseMessage signedIn = await host.Anyone.PostAsync("/account/login", new { email, password = ApiHost.Password });
        return host.Client((await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
    }
}
