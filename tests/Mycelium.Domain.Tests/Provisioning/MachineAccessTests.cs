using Mycelium.Domain.Provisioning;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Provisioning;

/// <summary>What a provisioner may say of how a machine is reached: nothing that a shell or a file of SSH would read as anything else.</summary>
public sealed class MachineAccessTests
{
    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("2001:db8::1")]
    [InlineData("vm-7.example.org")]
    [InlineData("a")]
    public void A_host_is_a_name_or_an_address(string host) => Assert.Null(FlawOf(host: host));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-oProxyCommand=id")]
    [InlineData("host name")]
    [InlineData("host\nname")]
    [InlineData("host.")]
    [InlineData("a..b")]
    [InlineData("[2001:db8::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("user@host")]
    public void Anything_else_is_not(string? host) => Assert.Equal("host", FlawOf(host: host));

    [Theory]
    [InlineData(0, "port")]
    [InlineData(1, null)]
    [InlineData(65_535, null)]
    [InlineData(65_536, "port")]
    [InlineData(null, "port")]
    public void A_port_is_one(int? port, string? flaw) => Assert.Equal(flaw, FlawOf(port: port));

    [Theory]
    [InlineData("root", null)]
    [InlineData("_x-1", null)]
    [InlineData("-l", "user")]
    [InlineData("Root", "user")]
    [InlineData("a b", "user")]
    [InlineData("", "user")]
    public void A_user_is_a_plain_name(string user, string? flaw) => Assert.Equal(flaw, FlawOf(user: user));

    [Fact]
    public void Host_keys_are_valid_keys_without_comments_and_not_too_many()
    {
        Assert.Equal("hostKeys", FlawOf(keys: []));
        Assert.Equal("hostKeys", FlawOf(keys: ["ssh-ed25519 AAAA"]));
        Assert.Equal("hostKeys", FlawOf(keys: [A.SshKey.Text, null]));
        Assert.Equal("hostKeys", FlawOf(keys: [.. Enumerable.Repeat(A.SshKey.Text, 9)]));
        Assert.Null(FlawOf(keys: [.. Enumerable.Repeat(A.SshKey.Text, 8)]));
        Assert.True(MachineAccess.TryCreate("a", 22, "root", [A.Ed25519Line(7, "a comment")], null, null, out MachineAccess? access, out _));
        Assert.Equal(2, Assert.Single(access.HostKeys).Split(' ').Length);
    }

    [Fact]
    public void Instructions_are_text_of_bounded_length()
    {
        Assert.Null(FlawOf(instructions: "Log in:\n\tssh root@host"));
        Assert.Null(FlawOf(instructions: new string('x', 4_000)));
        Assert.Equal("instructions", FlawOf(instructions: new string('x', 4_001)));
        Assert.Equal("instructions", FlawOf(instructions: "\u001b[2J"));
    }

    [Theory]
    [InlineData("https://console.example.org/vm/7", null)]
    [InlineData("http://127.0.0.1:8080/", null)]
    [InlineData("http://console.example.org/", "consoleUrl")]
    [InlineData("javascript:alert(1)", "consoleUrl")]
    [InlineData("https://user:password@console.example.org/", "consoleUrl")]
    [InlineData("/vm/7", "consoleUrl")]
    public void A_console_is_https(string url, string? flaw) => Assert.Equal(flaw, FlawOf(console: url));

    private static string? FlawOf(
        string? host = "host", int? port = 22, string? user = "root", IReadOnlyList<string?>? keys = null, string? instructions = null, string? console = null)
    {
        MachineAccess.TryCreate(host, port, user, keys ?? [A.SshKey.Text], instructions, console, out _, out string? flaw);
        return flaw;
    }
}
