using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>A refresh token works once. The tests change the age of a rotation in the table instead of waiting half a minute.</summary>
[Collection(ApiCollection.Name)]
public sealed class RefreshTests(ApiHost host)
{
    [Fact]
    public async Task Each_refresh_token_gives_the_next()
    {
        Credentials first = await Credentials.NewAsync(host);

        Credentials second = (await first.RefreshAsync(host.Anyone))!;
        Credentials third = (await second.RefreshAsync(host.Anyone))!;

        Assert.Equal(3, new[] { first, second, third }.Select(tokens => tokens.RefreshToken).Distinct().Count());
        Assert.Equal(["RENTER"], await host.Client(third.AccessToken).RolesAsync());
    }

    [Fact]
    public async Task A_lost_response_is_repeated_even_for_concurrent_retries()
    {
        Credentials first = await Credentials.NewAsync(host);

        Credentials?[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => first.RefreshAsync(host.Anyone)));

        Assert.All(answers, Assert.NotNull);
        Assert.NotNull(await answers[^1]!.RefreshAsync(host.Anyone));
    }

    [Fact]
    public async Task Late_reuse_of_a_refresh_token_ends_every_token_of_its_sign_in()
    {
        Credentials stolen = await Credentials.NewAsync(host);
        Credentials thiefs = (await stolen.RefreshAsync(host.Anyone))!;
        Credentials otherDevice = await Credentials.SignInAsync(host.Anyone, stolen.Email);
        await AgeAsync(stolen.Email, seconds: 31);

        Assert.Null(await stolen.RefreshAsync(host.Anyone));

        Assert.Null(await thiefs.RefreshAsync(host.Anyone));
        await Mycelium.Testing.Eventually.HoldsAsync(async () => await CodeAsync(thiefs) == "UNAUTHENTICATED", "its access token has ended too");
        Assert.Null(await CodeAsync(otherDevice));
        Assert.NotNull(await otherDevice.RefreshAsync(host.Anyone));
    }

    [Fact]
    public async Task The_token_before_the_previous_one_is_invalid_at_once()
    {
        Credentials first = await Credentials.NewAsync(host);
        Credentials second = (await first.RefreshAsync(host.Anyone))!;
        Credentials third = (await second.RefreshAsync(host.Anyone))!;

        Assert.Null(await first.RefreshAsync(host.Anyone));

        Assert.Null(await third.RefreshAsync(host.Anyone));
    }

    [Fact]
    public async Task Within_half_a_minute_the_previous_token_is_accepted_and_the_current_one_stays_valid()
    {
        Credentials first = await Credentials.NewAsync(host);
        Credentials second = (await first.RefreshAsync(host.Anyone))!;
        await AgeAsync(first.Email, seconds: 25);

        Assert.NotNull(await first.RefreshAsync(host.Anyone));

        Assert.NotNull(await second.RefreshAsync(host.Anyone));
    }

    [Fact]
    public async Task A_refresh_token_ends_two_weeks_after_the_last_refresh()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        await host.SqlAsync(
            "UPDATE sign_ins SET expires_at = expires_at - interval '14 days' FROM accounts WHERE accounts.id = account_id AND email = $1", tokens.Email);

        Assert.Null(await tokens.RefreshAsync(host.Anyone));
    }

    [Theory]
    [InlineData("none of ours")]
    [InlineData("")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Anything_that_is_not_a_refresh_token_is_refused(string text) =>
        Assert.Null(await new Credentials("", "", text).RefreshAsync(host.Anyone));

    [Fact]
    public async Task An_access_token_is_not_a_refresh_token_nor_the_reverse()
    {
        Credentials tokens = await Credentials.NewAsync(host);

        Assert.Null(await (tokens with { RefreshToken = tokens.AccessToken }).RefreshAsync(host.Anyone));
        Assert.Equal("UNAUTHENTICATED", await CodeAsync(tokens with { AccessToken = tokens.RefreshToken }));
    }

    private Task AgeAsync(string email, int seconds) => host.SqlAsync(
        """
        UPDATE sign_ins SET rotated_at = rotated_at - make_interval(secs => $2) FROM accounts
        WHERE accounts.id = account_id AND email = $1 AND rotated_at IS NOT NULL
        """,
        email, (double)seconds);

    private async Task<string?> CodeAsync(Credentials tokens)
    {
        System.Text.Json.JsonElement answer = await host.Client(tokens.AccessToken).SendAsync("{ me { email } }");
        return answer.TryGetProperty("errors", out System.Text.Json.JsonElement errors)
            ? errors[0].GetProperty("extensions").GetProperty("code").GetString()
            : null;
    }
}
