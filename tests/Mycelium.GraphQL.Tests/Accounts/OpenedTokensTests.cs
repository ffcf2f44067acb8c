using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Mycelium.GraphQL.Accounts;
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
    public void A_token_is_decrypted_once_and_again_after_its_time_in_the_cache()
    {
        OpenedToken? first = tokens.Open("good");
        clock.Advance(Limits.OpenTokenFor - TimeSpan.FromTicks(1));
        OpenedToken? second = tokens.Open("good");
        Assert.Equal(1, format.OpenedCount);
        Assert.Same(first, second);

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.NotNull(tokens.Open("good"));

        Assert.Equal(2, format.OpenedCount);
    }

    [Fact]
    public void Each_token_keeps_its_own_identity()
    {
        Assert.Equal("good", tokens.Open("good")!.Caller.Identity!.Name);
        Assert.Equal("good too", tokens.Open("good too")!.Caller.Identity!.Name);
        Assert.Equal("good", tokens.Open("good")!.Caller.Identity!.Name);
    }

    [Fact]
    public void While_the_store_is_down_an_unreadable_token_is_not_judged_invalid()
    {
        gate.Close("is gone");
        Assert.NotNull(tokens.Open("good"));
        Assert.Throws<StoreUnavailableException>(() => tokens.Open("bad"));

        gate.Open();

        Assert.Null(tokens.Open("bad"));
    }

    [Fact]
    public void An_unreadable_token_is_not_cached()
    {
        Assert.Null(tokens.Open("bad"));
        Assert.Null(tokens.Open("bad"));

        Assert.Equal(2, format.OpenedCount);
    }

    [Fact]
    public void A_revoked_key_takes_effect_within_the_cache_time()
    {
        Assert.NotNull(tokens.Open("good"));
        format.IsRevoked = true;
        clock.Advance(Limits.OpenTokenFor);

        Assert.Null(tokens.Open("good"));
    }

    [Fact]
    public void After_a_database_restore_every_token_is_decrypted_again()
    {
        Assert.NotNull(tokens.Open("good"));
        format.IsRevoked = true;

        restores.Report();

        Assert.Null(tokens.Open("good"));
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
            if (IsRevoked || !protectedText!.StartsWith("good", StringComparison.Ordinal))
                return null;
            var identity = new ClaimsIdentity(
                [
                    new(ClaimTypes.Name, protectedText), new(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString()),
                    new("AspNet.Identity.SecurityStamp", "stamp"),
                ],
                "Test");
            return new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = A.Noon }, "Test");
        }

        public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
    }
}
