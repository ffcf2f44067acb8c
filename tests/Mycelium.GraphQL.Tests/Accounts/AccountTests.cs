using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;

namespace Mycelium.GraphQL.Tests.Accounts;

[Collection(ApiCollection.Name)]
public sealed class AccountTests(ApiHost host)
{
    [Fact]
    public async Task A_new_account_is_a_renter_with_an_empty_wallet()
    {
        string email = await RegisteredAsync();
        JsonElement tokens = await TokensAsync("/account/login", new { email, password = ApiHost.Password });

        JsonElement me = (await host.Client(tokens.GetProperty("accessToken").GetString()).DataAsync("{ me { email roles wallet { balance } } }"))
            .GetProperty("me");

        Assert.Equal(email, me.GetProperty("email").GetString());
        Assert.Equal(["RENTER"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(0, me.GetProperty("wallet").GetProperty("balance").GetDollars());
    }

    [Fact]
    public async Task A_refresh_token_gives_a_new_access_token()
    {
        string email = await RegisteredAsync();
        JsonElement tokens = await TokensAsync("/account/login", new { email, password = ApiHost.Password });

        JsonElement refreshed = await TokensAsync("/account/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() });

        Assert.Equal(email, await EmailAsync(host.Client(refreshed.GetProperty("accessToken").GetString())));
    }

    [Fact]
    public async Task Wrong_and_weak_passwords_are_refused_and_a_taken_address_is_not_revealed()
    {
        string email = await RegisteredAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/account/login", new { email, password = "Wrong-Horse-1" }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("/account/register", new { email = host.NewEmail(), password = "short" }));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/account/register", new { email, password = ApiHost.Password }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/account/refresh", new { refreshToken = "none of ours" }));
    }

    [Fact]
    public async Task Without_a_token_the_caller_is_anonymous_and_with_a_bad_one_the_request_is_refused()
    {
        const string query = "{ me { email } }";

        Assert.Equal(JsonValueKind.Null, (await host.Anyone.DataAsync(query)).GetProperty("me").ValueKind);
        Assert.Equal("UNAUTHENTICATED", await host.Client("none-of-ours").ErrorCodeAsync(query));
    }

    [Fact]
    public async Task A_token_and_a_quote_of_one_replica_are_valid_at_another()
    {
        Api renter = await host.RenterAsync();
        long node = await host.PublishAsync();
        string? token = (await renter.QuotedAsync(node)).GetProperty("token").GetString();
        await using Replica other = host.StartReplica();

        Api there = host.Client(renter.Token, other.Address);

        Assert.Equal(await EmailAsync(renter), await EmailAsync(there));
        Assert.Equal(0.36m, (await there.RentAsync(host.Input(node, quoteToken: token))).GetProperty("paid").GetDollars());
    }

    private async Task<string> RegisteredAsync()
    {
        string email = host.NewEmail();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/account/register", new { email, password = ApiHost.Password }));
        return email;
    }

    private async Task<HttpStatusCode> StatusAsync(string path, object body)
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync(path, body);
        return response.StatusCode;
    }

    private async Task<JsonElement> TokensAsync(string path, object body)
    {
        using HttpResponseMessage response = await host.Anyone.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string?> EmailAsync(Api caller) =>
        (await caller.DataAsync("{ me { email } }")).GetProperty("me").GetProperty("email").GetString();
}
