using Mycelium.GraphQL.Accounts;

namespace Mycelium.GraphQL.Tests.Accounts;

public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("Password123!")]
    [InlineData("P@ssw0rd-2026")]
    [InlineData("1qaz2wsx")]
    [InlineData("QWERTYUIOP")]
    [InlineData("$unshine-2025")]
    [InlineData("!!Liverpool99!!")]
    [InlineData("Trustno1.")]
    public void What_guessers_try_first_is_common(string password) => Assert.True(CommonPasswords.IsCommon(password));

    [Theory]
    [InlineData("Correct-Horse-1")]
    [InlineData("xK9#vQ2!mZ7pLw")]
    [InlineData("Vier-Gelbe-Enten-7")]
    [InlineData("")]
    public void What_is_not_on_the_list_is_not(string password) => Assert.False(CommonPasswords.IsCommon(password));

    [Fact]
    public void Passwords_that_the_README_shows_pass() => Assert.False(CommonPasswords.IsCommon(DemoAccounts.Password));
}
