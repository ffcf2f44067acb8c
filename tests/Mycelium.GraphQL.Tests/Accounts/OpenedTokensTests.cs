using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Mycelium.GraphQL.Accounts;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

public sealed class OpenedTokensTests
{
    private readonly TestClock clock = new();
    private readonly CountingFormat format = new();
    private readonly StoreGate gate = new();
    private readonly OpenedTokens tokens;

    private readonly Restores restores;

    public OpenedTokensTests()
    {
        restores = new Restores(clock, Meters.Factory);
        tokens = new OpenedTokens(format, gate, restores, clock);
    }

    [Fact]
    public void A_token_is_opened_once_and_again_when_its_time_is_over()
    {
        AuthenticationTicket? first = tokens.Unprotect("good");
        clock.Advance(Limits.OpenTokenFor - TimeSpan.FromTicks(1));
        AuthenticationTicket? second = tokens.Unprotect("good");
        Assert.Equal(1, format.OpenedCount);
        Assert.Same(first, second);

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.NotNull(tokens.Unprotect("good"));

        Assert.Equal(2, format.OpenedCount);
    }

    [Fact]
    public void Each_token_says_what_it_says()
    {
        Assert.Equal("good", tokens.Unprotect("good")!.Principal.Identity!.Name);
        Assert.Equal("good too", tokens.Unprotect("good too")!.Principal.Identity!.Name);
        Assert.Equal("good", tokens.Unprotect("good")!.Principal.Identity!.Name);
    }

    [Fact]
    public void A_token_that_does_not_open_while_the_store_is_gone_may_be_a_good_one()
    {
        gate.Close("is gone");
        Assert.NotNull(tokens.Unprotect("good"));
        Assert.Throws<StoreUnavailableException>(() => tokens.Unprotect("bad"));

        gate.Open();

        Assert.Null(tokens.Unprotect("bad"));
    }

    [Fact]
    public void A_token_that_did_not_open_is_asked_about_anew()
    {
        Assert.Null(tokens.Unprotect("bad"));
        Assert.Null(tokens.Unprotect("bad"));
        Assert.Null(tokens.Unprotect(null));

        Assert.Equal(2, format.OpenedCount);
    }

    [Fact]
    public void A_key_that_is_gone_counts_no_longer_than_that()
    {
        Assert.NotNull(tokens.Unprotect("good"));
        format.IsRevoked = true;
        clock.Advance(Limits.OpenTokenFor);

        Assert.Null(tokens.Unprotect("good"));
    }

    [Fact]
    public void After_the_database_was_put_back_every_token_is_opened_again()
    {
        Assert.NotNull(tokens.Unprotect("good"));
        format.IsRevoked = true;

        restores.Report();

        Assert.Null(tokens.Unprotect("good"));
    }

    /// <summary>Opens what begins with "good".</summary>
    private sealed class CountingFormat : ISecureDataFormat<AuthenticationTicket>
    {
        public int OpenedCount { get; private set; }

        public bool IsRevoked { get; set; }

        public string Protect(AuthenticationTicket data) => throw new NotSupportedException();

        public string Protect(AuthenticationTicket data, string? purpose) => throw new NotSupportedException();

        public AuthenticationTicket? Unprotect(string? protectedText)
        {
            OpenedCount++;
            return !IsRevoked && protectedText!.StartsWith("good", StringComparison.Ordinal)
                ? new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, protectedText)], "Test")), "Test")
                : null;
        }

        public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
    }
}
