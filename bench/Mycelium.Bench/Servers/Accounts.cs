using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Mycelium.Bench.Servers;

/// <summary>Creates accounts over HTTP, as any client does.</summary>
internal static class Accounts
{
    private const string Password = "Bench-Mycelium-1";

    public static async Task<Guid> CreateAsync(Uri api, NpgsqlDataSource database, string email)
    {
        using var http = new HttpClient { BaseAddress = api };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/account/register", new { email, password = Password });
        answer.EnsureSuccessStatusCode();
        return await database.ScalarAsync<Guid>("SELECT id FROM accounts WHERE email = $1", email);
    }

    /// <summary>The access token of an account that was created here.</summary>
    public static async Task<string> LogInAsync(Uri api, string email)
    {
        using var http = new HttpClient { BaseAddress = api };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/account/login", new { email, password = Password });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }
}
