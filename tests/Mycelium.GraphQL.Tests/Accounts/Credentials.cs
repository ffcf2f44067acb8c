using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>An account of a test and the tokens from signing in.</summary>
/// <param name="Email">The address that it signs in with.</param>
/// <param name="AccessToken">Sent as a bearer token.</param>
/// <param name="RefreshToken">Works once.</param>
internal sealed record Credentials(string Email, string AccessToken, string RefreshToken)
{
    /// <summary>Creates an account and signs in.</summary>
    public static async Task<Credentials> NewAsync(ApiHost host)
    {
        string email = host.NewEmail();
        using HttpResponseMessage registered = await host.Anyone.PostAsync("/account/register", new { email, password = ApiHost.Password });
        Assert.Equal(HttpStatusCode.OK, registered.StatusCode);
        return await SignInAsync(host.Anyone, email);
    }

    public static async Task<Credentials> SignInAsync(Api anyone, string email, string password = ApiHost.Password)
    {
        using HttpResponseMessage response = await anyone.PostAsync("/account/login", new { email, password });
        return await ReadAsync(email, response);
    }

    /// <summary>Exchanges the refresh token for new tokens; null when it is refused.</summary>
    public async Task<Credentials?> RefreshAsync(Api anyone)
    {
        using HttpResponseMessage response = await anyone.PostAsync("/account/refresh", new { refreshToken = RefreshToken });
        return response.StatusCode == HttpStatusCode.Unauthorized ? null : await ReadAsync(Email, response);
    }

    private static async Task<Credentials> ReadAsync(string email, HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.True(response.Headers.CacheControl!.NoStore, "Tokens must not be stored.");
        var tokens = JsonElement.Parse(text);
        return new Credentials(email, tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
    }
}
