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
    public void Passwords_that_attackers_try_first_are_common(string password) => Assert.True(CommonPasswords.IsCommon(password));

    [Theory]
    [InlineData("Correct-Horse-1")]
    [InlineData("xK9#vQ2!mZ7pLw")]
    [InlineData("Vier-Gelbe-Enten-7")]
    [InlineData("")]
    public void Passwords_that_are_not_on_the_list_are_not_common(string password) => Assert.False(CommonPasswords.IsCommon(password));

    [Fact]
    public void The_password_in_the_README_is_not_common() => Assert.False(CommonPasswords.IsCommon(DemoAccounts.Password));
}
